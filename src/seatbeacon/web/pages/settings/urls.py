"""Routes of the settings."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.settings import views

urlpatterns = [path("administration/settings/", views.settings, name="settings")]
