"""Routes of rules."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.rules import reckoning, views

urlpatterns = [
    path("optimization/rules/", views.rules, name="rules"),
    path("optimization/rules/all/", views.general, name="rules-general"),
    path("optimization/rules/judge/", views.judge, name="rules-judge"),
    path("optimization/rules/state/", reckoning.state, name="rules-state"),
    path("optimization/rules/rule/<str:rule_id>/", views.rule, name="rule"),
    path("optimization/rules/rule/<str:rule_id>/reset/", views.reset, name="rule-reset"),
]
