"""Routes of the recommendations."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.recommendations import views, views_decide, views_script

urlpatterns = [
    path("optimization/recommendations/", views.recommendations, name="recommendations"),
    path("optimization/recommendations/decide/", views_decide.decide_on, name="recommendations-decide"),
    path("optimization/recommendations/undo/", views_decide.take_back, name="recommendations-undo"),
    path(
        "optimization/recommendations/export/<str:kind>/",
        views.export,
        name="recommendations-export",
    ),
    path(
        "optimization/recommendations/script/<str:kind>/", views_script.script, name="recommendations-script"
    ),
]
