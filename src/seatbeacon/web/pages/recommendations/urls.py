"""Routes of the recommendations, and of what was decided on them."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.recommendations import views, views_decide, views_report, views_script

urlpatterns = [
    path("optimization/recommendations/", views.recommendations, name="recommendations"),
    path("optimization/decisions/", views.decisions, name="decisions"),
    path("optimization/recommendations/decide/", views_decide.decide_on, name="recommendations-decide"),
    path("optimization/recommendations/undo/", views_decide.take_back, name="recommendations-undo"),
    path(
        "optimization/recommendations/report/<str:kind>/", views_report.report, name="recommendations-report"
    ),
    path(
        "optimization/recommendations/script/<str:kind>/", views_script.script, name="recommendations-script"
    ),
]
