"""Routes of the pages of one thing."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.details import views_application, views_license, views_user

urlpatterns = [
    path("users/<str:user_id>/", views_user.user, name="user"),
    path("licenses/<str:sku_id>/", views_license.license_page, name="license"),
    path("applications/<path:application_id>/", views_application.application, name="application"),
]
