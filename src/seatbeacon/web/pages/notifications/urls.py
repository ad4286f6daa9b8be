"""Routes of the notifications."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.notifications import views

urlpatterns = [
    path("administration/notifications/", views.notifications, name="notifications"),
    path("administration/notifications/new/", views.new, name="notification-new"),
    path("administration/notifications/<int:target_id>/", views.edit, name="notification"),
    path("administration/notifications/<int:target_id>/test/", views.test, name="notification-test"),
    path("administration/notifications/<int:target_id>/delete/", views.delete, name="notification-delete"),
]
