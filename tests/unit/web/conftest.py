from __future__ import annotations

import django

django.setup()
