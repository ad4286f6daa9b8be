"""Routes of the lists. The lists that people come to first have short addresses of their own."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.inventory import views_export, views_filter, views_list, views_saved

ROUTES = {
    "users": "users",
    "licenses": "licenses",
    "assignments": "assignments",
    "applications": "applications",
    "usage-matrix": "usage",
}
"""Listings with a route of their own, and its name; all others are at `inventory/<name>/`."""

ELSEWHERE = {"recommendations": "recommendations", "decisions": "decisions"}
"""Listings whose page has more than the list, and the name of its route."""

urlpatterns = [
    *(path(f"{route}/", views_list.list_page, {"name": name}, name=route) for name, route in ROUTES.items()),
    path("inventory/views/<int:view_id>/change/", views_saved.change_view, name="saved-view-change"),
    path("inventory/views/<int:view_id>/delete/", views_saved.delete_view, name="saved-view-delete"),
    path("inventory/<str:name>/", views_list.list_page, name="listing"),
    path("inventory/<str:name>/filter/", views_filter.fields, name="listing-filter"),
    path("inventory/<str:name>/values/", views_filter.values, name="listing-values"),
    path("inventory/<str:name>/export/<str:kind>/", views_export.export, name="listing-export"),
    path("inventory/<str:name>/views/", views_saved.manage, name="saved-views"),
    path("inventory/<str:name>/views/save/", views_saved.save_view, name="saved-view-save"),
    path("inventory/<str:name>/views/standard/", views_saved.choose_standard, name="saved-view-standard"),
]
