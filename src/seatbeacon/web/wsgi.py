"""The pages as a WSGI application, for `seatbeacon serve` and for any other server."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import wait

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seatbeacon.web.django_settings")

from django.core.wsgi import get_wsgi_application


def end_with_parent() -> None:
    """End this process when the one that started it dies: a killed `serve` leaves nothing that answers."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="parent watcher", daemon=True).start()


end_with_parent()
application = get_wsgi_application()
