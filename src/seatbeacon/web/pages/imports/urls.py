"""Routes of the imports."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.imports import downloads, views, views_held, views_versions

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/indicator/", views.indicator, name="imports-indicator"),
    path("imports/versions/", views_versions.versions, name="versions"),
    path("imports/versions/<int:version_id>/file/", views_versions.inventory_file, name="version-file"),
    path("imports/versions/<int:version_id>/back/", views_versions.back, name="version-back"),
    path("imports/<int:run_id>/", views.import_run, name="import-run"),
    path("imports/<int:run_id>/progress/", views.progress, name="import-progress"),
    path("imports/<int:run_id>/changes/<str:what>/<str:kind>/", views.changes, name="import-changes"),
    path("imports/<int:run_id>/held/", views_held.held, name="import-held"),
    path("imports/<int:run_id>/publish/", views_held.publish, name="import-publish"),
    path("imports/<int:run_id>/discard/", views_held.discard, name="import-discard"),
    path("imports/<int:run_id>/log/", downloads.log, name="import-log"),
    path("imports/<int:run_id>/package/", downloads.package, name="import-package"),
]
