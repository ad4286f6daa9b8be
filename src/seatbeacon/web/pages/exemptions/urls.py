"""Routes of exemptions and leave."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.exemptions import views

urlpatterns = [
    path("optimization/exemptions/", views.exemptions, name="exemptions"),
    path("optimization/exemptions/new/", views.new, name="exemption-new"),
    path("optimization/exemptions/<int:exemption_id>/end/", views.end, name="exemption-end"),
    path("optimization/exemptions/leave/", views.away, name="leave-new"),
    path("optimization/exemptions/leave/<int:absence_id>/remove/", views.back, name="leave-remove"),
]
