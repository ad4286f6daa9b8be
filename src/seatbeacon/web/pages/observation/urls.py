"""Routes for programs that watch."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.observation import views

urlpatterns = [
    path("healthz", views.ready, name="healthz"),
    path("healthz/live", views.live, name="healthz-live"),
    path("healthz/ready", views.ready, name="healthz-ready"),
    path("metrics", views.metrics, name="metrics"),
]
