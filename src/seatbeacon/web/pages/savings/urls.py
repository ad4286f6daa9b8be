"""Routes of savings."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.savings import views, views_day, views_trend

urlpatterns = [
    path("optimization/savings/", views.savings, name="savings"),
    path("optimization/savings/trend/", views_trend.trend, name="savings-trend"),
    path("optimization/savings/day/", views_day.day, name="savings-day"),
    path("optimization/savings/export/<str:kind>/", views.export, name="savings-export"),
]
