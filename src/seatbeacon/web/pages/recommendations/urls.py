"""Routes of the recommendations."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.recommendations import views

urlpatterns = [
    path("optimization/recommendations/", views.recommendations, name="recommendations"),
    path(
        "optimization/recommendations/export/<str:kind>/",
        views.export,
        name="recommendations-export",
    ),
]
