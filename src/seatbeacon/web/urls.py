"""Every route of the pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("seatbeacon.web.pages.overview.urls")),
    path("", include("seatbeacon.web.connections.urls")),
    path("", include("seatbeacon.web.pages.imports.urls")),
    path("", include("seatbeacon.web.pages.scheduling.urls")),
    path("", include("seatbeacon.web.pages.inventory.urls")),
    path("", include("seatbeacon.web.pages.details.urls")),
    path("", include("seatbeacon.web.pages.history.urls")),
    path("", include("seatbeacon.web.pages.audit_log.urls")),
    path("", include("seatbeacon.web.pages.settings.urls")),
    path("", include("seatbeacon.web.pages.notifications.urls")),
    path("", include("seatbeacon.web.pages.prices.urls")),
    path("", include("seatbeacon.web.pages.recommendations.urls")),
    path("", include("seatbeacon.web.pages.exemptions.urls")),
    path("", include("seatbeacon.web.pages.rules.urls")),
    path("", include("seatbeacon.web.pages.savings.urls")),
    path("", include("seatbeacon.web.pages.what_if.urls")),
    path("", include("seatbeacon.web.pages.chargeback.urls")),
    path("", include("seatbeacon.web.pages.observation.urls")),
    path("", include("seatbeacon.web.accounts.urls")),
    # Named and not imported: the API stands above the pages.
    path("api/v1/", include("seatbeacon.api.urls")),
]

handler400 = "seatbeacon.web.errors.bad_request"
handler403 = "seatbeacon.web.errors.forbidden"
handler404 = "seatbeacon.web.errors.not_found"
handler500 = "seatbeacon.web.errors.server_error"
