"""Routes of connections."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.connections import views_authorize, views_form, views_list, views_run, views_test

urlpatterns = [
    path("inventory-systems/", views_list.inventory_systems, name="inventory-systems"),
    path("inventory-systems/new/", views_form.new, name="new-connection"),
    path("inventory-systems/new/validate/", views_form.validate_new, name="new-connection-validate"),
    path("inventory-systems/new/authorize/", views_authorize.begin_new, name="new-connection-authorize"),
    path("inventory-systems/<int:connection_id>/", views_list.connection, name="connection"),
    path("inventory-systems/<int:connection_id>/edit/", views_form.edit, name="connection-edit"),
    path("inventory-systems/<int:connection_id>/validate/", views_form.validate, name="connection-validate"),
    path(
        "inventory-systems/<int:connection_id>/authorize/",
        views_authorize.begin_edit,
        name="connection-authorize",
    ),
    path("inventory-systems/<int:connection_id>/delete/", views_list.delete, name="connection-delete"),
    path("inventory-systems/<int:connection_id>/execute/", views_list.execute, name="connection-execute"),
    path("inventory-systems/<int:connection_id>/enable/", views_list.enable, name="connection-enable"),
    path("inventory-systems/<int:connection_id>/test/", views_test.test, name="connection-test"),
    path("inventory-systems/<int:connection_id>/test/rows/", views_test.rows, name="connection-test-rows"),
    path("imports/<int:run_id>/cancel/", views_run.cancel, name="import-cancel"),
    # Without a slash at its end, as redirect URIs are compared character by character.
    path("connections/authorize/callback", views_authorize.callback, name="authorize-callback"),
    path("connections/authorize/<str:authorization>/", views_authorize.status, name="authorize-status"),
    path("connections/authorize/<str:authorization>/paste/", views_authorize.pasted, name="authorize-paste"),
    path(
        "connections/authorize/<str:authorization>/device/", views_authorize.device, name="authorize-device"
    ),
]
