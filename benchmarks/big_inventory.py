"""A tenant of a million users with a year behind it: imported once, its history made by SQL, and kept.

It stands in `SEATBEACON_BENCHMARKS` (default: the platform's cache folder) until somebody removes it.
"""

# ruff: noqa: E501 - statements read best as they stand

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import platformdirs

from benchmarks.package_factory import write_package
from seatbeacon.collection.package.reader import open_package
from seatbeacon.inventory.importer import import_package
from seatbeacon.inventory.pool import identity
from seatbeacon.inventory.preparing.day import make_day
from seatbeacon.inventory.preparing.prepare import prepare
from seatbeacon.inventory.preparing.tables import day_beside
from seatbeacon.inventory.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS = 1_000_000
NOW = datetime(2026, 7, 31, 2, tzinfo=UTC)
_MADE = 2  # raised when what is made here changes

# One user in a hundred changes each day, one holder in five hundred, and each month three of five that were
# active in an application are again: as daily imports of a real tenant leave it. Each has an enterprise
# application, some of them two roles in it.
_HISTORY = """
CREATE TEMP TABLE days AS SELECT d, TIMESTAMP '2025-08-01 02:00:00' + to_days(d) AS stamp FROM range(365) t(d);
INSERT INTO imports SELECT d + 1, stamp, stamp, 'Benchmark', 'big inventory', 1000000, 0, 0, 10000 FROM days WHERE d < 364;
UPDATE imports SET import_no = 365 WHERE package_by <> 'big inventory';

CREATE TEMP TABLE user_events AS
SELECT user_no, d FROM (SELECT user_no, unnest(range((user_no::BIGINT * 7919) % 100, 364, 100)) AS d FROM users) WHERE d > 0;
INSERT INTO users_history BY NAME
SELECT u.* EXCLUDE (line_hash, set_no, last_activity_date, active_since, used, search_text, valid_from, department)
    REPLACE ('Title ' || (e.d % 97) AS job_title), 'Unit ' || ((user_no + e.d) % 7) AS department,
    a.stamp AS valid_from, b.stamp AS valid_to
FROM (SELECT user_no, d, lag(d, 1, 0) OVER (PARTITION BY user_no ORDER BY d) AS before FROM user_events) e
JOIN users u USING (user_no) JOIN days a ON a.d = e.before JOIN days b ON b.d = e.d ORDER BY b.stamp, user_no;
UPDATE users SET valid_from = coalesce(
    (SELECT max(stamp) FROM user_events e JOIN days USING (d) WHERE e.user_no = users.user_no), TIMESTAMP '2025-08-01 02:00:00');

CREATE TEMP TABLE assignment_events AS
SELECT user_no, d FROM (SELECT user_no, unnest(range((user_no::BIGINT * 104729) % 500, 364, 500)) AS d FROM users) WHERE d > 0;
INSERT INTO assignments_history BY NAME
SELECT a.* EXCLUDE (valid_from), TIMESTAMP '2025-08-01 02:00:00' AS valid_from, b.stamp AS valid_to
FROM assignment_events e JOIN assignments a USING (user_no) JOIN days b ON b.d = e.d ORDER BY b.stamp, user_no;
UPDATE assignments SET valid_from = coalesce(
    (SELECT max(stamp) FROM assignment_events e JOIN days USING (d) WHERE e.user_no = assignments.user_no),
    TIMESTAMP '2025-08-01 02:00:00');

INSERT INTO usage_history BY NAME
SELECT user_no, slot, first + (hash(user_no, slot, m) % 28)::INTEGER AS last_activity_date,
    first + (hash(user_no, slot, m) % 28)::INTEGER AS active_since, active_within_days, last_day(first) AS report_refresh_date,
    first + INTERVAL 2 DAY AS valid_from, first + INTERVAL 2 DAY + INTERVAL 1 MONTH AS valid_to
FROM (SELECT m, (DATE '2025-08-01' + to_months(m::INTEGER))::DATE AS first FROM range(11) t(m)) months, usage
WHERE hash(user_no, slot, m) % 10 < 6 ORDER BY m;
UPDATE usage SET valid_from = TIMESTAMP '2026-07-03 00:00:00';

INSERT INTO application_assignments BY NAME
SELECT md5(id || r) AS id, application_id, md5('role ' || r) AS app_role_id, id AS principal_id,
    'User' AS principal_type, display_name AS principal_name, TIMESTAMP '2025-03-01' + to_days(user_no % 400) AS created_at,
    TIMESTAMP '2025-08-01 02:00:00' AS valid_from
FROM users, range(2) t(r), (SELECT id AS application_id, row_number() OVER (ORDER BY id) AS n FROM enterprise_applications) e
WHERE (r = 0 OR user_no % 10 = 0) AND e.n - 1 = user_no % (SELECT count(*) FROM enterprise_applications);
UPDATE application_summary a SET entitled_users = (
    SELECT count(DISTINCT principal_id) FROM application_assignments WHERE application_id = a.id)
WHERE kind = 'enterprise application';

INSERT INTO daily_counts
SELECT stamp::DATE, name, key, value - (d * 31 % 977) FROM daily_counts, days WHERE d < 364;
"""


def big_inventory() -> Path:
    """The file; made where it is not there yet, which takes some minutes and 4 GB of disk meanwhile."""
    folder = Path(
        os.environ.get("SEATBEACON_BENCHMARKS") or platformdirs.user_cache_dir("seatbeacon-benchmarks")
    )
    file = folder / f"million-{_MADE}-schema{SCHEMA_VERSION}.duckdb"
    if file.exists():
        return file
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    print(f"  making {file}: a few minutes, once", flush=True)
    with tempfile.TemporaryDirectory(dir=folder) as text:
        package, target = Path(text) / "package", Path(text) / "v000001.duckdb"
        write_package(package, users=USERS)
        import_package(
            open_package(package), previous=None, target=target, imported_at=NOW, memory_limit="3GB"
        )
        shutil.rmtree(package)
        with duckdb.connect(str(target), config={"memory_limit": "4GB"}) as connection:
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(_HISTORY)
            connection.execute("CHECKPOINT")
        target.replace(file)
    print(
        f"  made in {time.monotonic() - started:.0f} s, {file.stat().st_size / (1 << 20):,.0f} MiB",
        flush=True,
    )
    return file


def prepare_once(file: Path) -> None:
    """Prepare the version where that was not done yet, and tell what it took."""
    with _telling("prepared", file.parent / "prepared"):
        prepare(file)


def make_day_once(file: Path, day: date) -> None:
    """Put a day together where that was not done yet, and tell what it took."""
    with _telling(f"{day} put together", file.parent / "prepared" / "days"):
        make_day(file, day)


def forget_day(file: Path, day: date) -> None:
    """Remove a day that was put together."""
    day_beside(file, identity(file), day).unlink(missing_ok=True)


@contextmanager
def _telling(what: str, folder: Path) -> Iterator[None]:
    """Tell what was made in `folder`, where something was."""
    before = set(folder.glob("*.duckdb"))
    started, used = time.monotonic(), time.process_time()
    yield
    taken, cpu = time.monotonic() - started, time.process_time() - used
    if made := set(folder.glob("*.duckdb")) - before:
        size = sum(path.stat().st_size for path in made) / (1 << 20)
        print(f"  {what} in {taken:.0f} s, {cpu:.1f} s of CPU, {size:,.0f} MiB", flush=True)
