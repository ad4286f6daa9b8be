"""Routes of the imports."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.imports import downloads, views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/indicator/", views.indicator, name="imports-indicator"),
    path("imports/<int:run_id>/", views.import_run, name="import-run"),
    path("imports/<int:run_id>/progress/", views.progress, name="import-progress"),
    path("imports/<int:run_id>/log/", downloads.log, name="import-log"),
    path("imports/<int:run_id>/package/", downloads.package, name="import-package"),
]
