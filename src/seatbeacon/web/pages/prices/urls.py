"""Routes of prices."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.prices import views, views_currencies, views_import

urlpatterns = [
    path("optimization/prices/", views.prices, name="prices"),
    path("optimization/prices/new/", views.new, name="price-new"),
    path("optimization/prices/missing/", views.missing, name="prices-missing"),
    path("optimization/prices/import/", views_import.upload, name="prices-import"),
    path("optimization/prices/import/preview/", views_import.preview, name="prices-preview"),
    path("optimization/prices/currencies/", views_currencies.currencies, name="currencies"),
    path("optimization/prices/currencies/base/", views_currencies.base, name="currency-base"),
    path(
        "optimization/prices/currencies/<str:code>/remove/", views_currencies.remove, name="currency-remove"
    ),
    path("optimization/prices/<int:price_id>/", views.edit, name="price"),
    path("optimization/prices/<int:price_id>/delete/", views.delete, name="price-delete"),
]
