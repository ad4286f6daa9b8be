"""Routes of the overview."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.overview import views

urlpatterns = [path("", views.overview, name="overview")]
