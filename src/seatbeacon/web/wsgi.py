"""The pages as a WSGI application, for `seatbeacon serve` and for any other server."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatbeacon.web.django_settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
