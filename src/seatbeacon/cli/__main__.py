"""`python -m seatbeacon.cli` is `seatbeacon`."""

from __future__ import annotations

from seatbeacon.cli.main import main

if __name__ == "__main__":
    main()
