"""Routes of chargeback."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.chargeback import views, views_export

urlpatterns = [
    path("optimization/chargeback/", views.chargeback, name="chargeback"),
    path("optimization/chargeback/part/", views.part, name="chargeback-part"),
    path("optimization/chargeback/export/<str:kind>/", views_export.export, name="chargeback-export"),
    path(
        "optimization/chargeback/part/export/<str:kind>/",
        views_export.export_part,
        name="chargeback-part-export",
    ),
]
