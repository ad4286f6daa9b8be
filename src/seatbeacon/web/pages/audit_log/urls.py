"""Routes of the audit log."""

from __future__ import annotations

from django.urls import path

from seatbeacon.web.pages.audit_log import views

urlpatterns = [path("administration/audit-log/", views.audit_log, name="audit-log")]
