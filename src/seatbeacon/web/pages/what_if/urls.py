"""Routes of what-if."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.what_if import views

urlpatterns = [
    path("optimization/what-if/", views.what_if, name="what-if"),
    path("optimization/what-if/keep/", views.keep, name="what-if-keep"),
]
