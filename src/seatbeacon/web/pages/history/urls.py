"""Routes of the history."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.history import views

urlpatterns = [path("history/", views.history, name="history")]
