"""Routes of schedules."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.scheduling import views, views_assign, views_form

urlpatterns = [
    path("scheduling/", views.scheduling, name="scheduling"),
    path("scheduling/new/", views_form.new, name="new-schedule"),
    path("scheduling/preview/", views_form.preview, name="schedule-preview"),
    path("scheduling/<int:schedule_id>/", views.schedule, name="schedule"),
    path("scheduling/<int:schedule_id>/edit/", views_form.edit, name="schedule-edit"),
    path("scheduling/<int:schedule_id>/delete/", views.delete, name="schedule-delete"),
    path("scheduling/<int:schedule_id>/run/", views.run, name="schedule-run"),
    path("scheduling/<int:schedule_id>/enable/", views.enable, name="schedule-enable"),
    path(
        "scheduling/<int:schedule_id>/connections/", views_assign.add_connections, name="schedule-connections"
    ),
    path(
        "inventory-systems/<int:connection_id>/schedule/",
        views_assign.connection_schedule,
        name="connection-schedule",
    ),
    path(
        "inventory-systems/<int:connection_id>/schedule/preview/",
        views_assign.preview,
        name="connection-schedule-preview",
    ),
]
