"""Reading a usage report."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, BinaryIO, cast

from seatbeacon.collection.errors import TruncatedReport, UnreadableReport
from seatbeacon.collection.lanes import LONG
from seatbeacon.collection.package.files import disk_errors
from seatbeacon.collection.readers.reading import Result
from seatbeacon.collection.reports.header import TRY_AGAIN
from seatbeacon.collection.reports.inspection import inspect_report

if TYPE_CHECKING:
    from seatbeacon.collection.readers.reading import Reading
    from seatbeacon.collection.reports.inspection import ReportFacts

DOWNLOADS = 2
"""How often a report is fetched that came whole as far as HTTP goes, and is not."""
_LOOKING = threading.Lock()
"""Looking a report through is all CPU: several at once would take memory and no less time."""
_NO_END = "The last line has no end; it came so twice, and was taken as whole."


def read_report(reading: Reading) -> Result:
    """Fetch the report and look it through. Raises GraphError, `UnreadableReport` and `TruncatedReport`.

    A report whose last line has no end may have been cut there without a trace: it is believed when it comes
    with the same length again.
    """
    facts: ReportFacts | None = None
    length: int | None = None
    for left in reversed(range(DOWNLOADS)):
        before, length, facts = length, None, None
        try:
            facts = _fetch(reading)
        except (TruncatedReport, UnreadableReport):
            if not left:
                raise
            continue
        length = reading.file.bytes
        if facts.ended or length == before:
            break
    assert facts is not None  # noqa: S101 - the last attempt returned or raised
    if not facts.ended and length != before:
        raise TruncatedReport(
            f"The report {reading.dataset.name} broke off: its last line has no end.", TRY_AGAIN
        )
    reading.file.lines = facts.rows
    return Result(
        count=facts.rows,
        notes=facts.notes if facts.ended else (*facts.notes, _NO_END),
        refresh_date=facts.refresh_date,
        concealed=facts.concealed,
    )


def _fetch(reading: Reading) -> ReportFacts:
    reading.halt.check()
    with reading.lanes.lane(LONG):
        reading.client.download(reading.dataset.request().path, lambda: cast("BinaryIO", reading.file.sink()))
    with _LOOKING, disk_errors(reading.package, reading.file.name, written=reading.file.bytes):
        facts = inspect_report(reading.file.part, reading.dataset)
    reading.tally.add(facts.rows)
    return facts
