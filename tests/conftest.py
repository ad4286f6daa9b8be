"""One Django for all tests of a process: the pages' settings, which hold everything the beacon's do."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Before anything sets Django up. The home is one that no test writes to; each test makes its own.
_home = tempfile.mkdtemp(prefix="seatbeacon-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("SEATBEACON_")] + ["DATABASE_URL"]:
    os.environ.pop(_name, None)
os.environ["SEATBEACON_HOME"] = _home
os.environ["DJANGO_SETTINGS_MODULE"] = "seatbeacon.web.django_settings"
# Playwright keeps an event loop running in the thread of the tests; Django takes what follows for
# asynchronous code, of which there is none.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
