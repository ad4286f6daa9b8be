"""Whole reports: every account's rows, those of the gone and the unknown, packed into a temporary file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from isal import igzip

from seatbeacon.simulator.population.dice import iso_day
from seatbeacon.simulator.population.usage import PERIODS
from seatbeacon.simulator.population.users import Kind
from seatbeacon.simulator.reply import StoredBody
from seatbeacon.simulator.reports.columns import HEADERS, WITHOUT_PERIOD
from seatbeacon.simulator.reports.rows import ROWS, Frame, Subject, cell, subject_of
from seatbeacon.simulator.spill import PACK_LEVEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seatbeacon.simulator.state import State

BOM = b"\xef\xbb\xbf"
COPILOT = "getMicrosoft365CopilotUsageUserDetail"
_CHUNK = 400


class Job(NamedTuple):
    """One report over one period."""

    function: str
    period: int


STANDARD = tuple(
    Job(function, period)
    for function in HEADERS
    for period in (PERIODS if function == "getM365AppUserDetail" else (180,))
)
"""What a full collection reads; rendered in one go when the first of them is asked for."""


class _Sink:
    def __init__(self, job: Job, frame: Frame) -> None:
        self.job, self.frame, self.size = job, frame, 0
        self.row = ROWS[job.function]
        self.lines: list[str] = []
        self.file: BinaryIO = tempfile.TemporaryFile(prefix="seatbeacon-simulator-")  # noqa: SIM115 - handed on
        packer = igzip.IGzipFile(fileobj=self.file, mode="wb", compresslevel=PACK_LEVEL, mtime=0)  # type: ignore[no-untyped-call] # isal has no types
        self.packer = cast("BinaryIO", packer)
        self.write(BOM + HEADERS[job.function].encode() + b"\r\n")

    def write(self, text: bytes) -> None:
        self.size += len(text)
        self.packer.write(text)

    def flush(self) -> None:
        self.write("".join(self.lines).encode())
        self.lines.clear()

    def finish(self) -> StoredBody:
        self.flush()
        self.packer.close()
        self.file.flush()
        packed = self.file.tell()
        file = self.file
        return StoredBody(lambda: file, 0, packed, self.size)


def render(state: State, day: int, jobs: tuple[Job, ...], *, concealed: bool) -> dict[Job, StoredBody]:
    """The CSV of each of `jobs` on `day`, as Microsoft sends it: UTF-8 with a byte order mark, lines end in
    CRLF."""
    tenant = state.tenant
    sinks = []
    for job in jobs:
        refresh = tenant.copilot_refresh(day) if job.function == COPILOT else tenant.refresh(day)
        sinks.append(_Sink(job, Frame(refresh, iso_day(refresh), job.period)))
    empty = tenant.options.empty_reports
    full = [sink for sink in sinks if "*" not in empty and sink.job.function not in empty]
    adders = [(sink.row, sink.frame, sink.lines.append) for sink in full]
    for number, subject in enumerate(_subjects(state, day, concealed=concealed)):
        for row, frame, add in adders:
            line = row(subject, frame)
            if line:
                add(line)
        if number % _CHUNK == 0:
            for sink in full:
                sink.flush()
    for sink in () if concealed else full:
        sink.lines.extend(_unknown_rows(state, sink.job.function, sink.frame))
    return {sink.job: sink.finish() for sink in sinks}


def _subjects(state: State, day: int, *, concealed: bool) -> Iterator[Subject]:
    tenant = state.tenant
    for user in tenant.users(day):
        held = tenant.licensing(user)
        usage = tenant.usage(user, held, day)
        if held.assigned or any(usage.services) or user.kind is Kind.SHARED:
            yield subject_of(user, held, usage, concealed=concealed)
    for index in tenant.census(day).left:
        user = tenant.people.user(index, day)
        held = tenant.licensing(user)
        went = tenant.people.leaves(index, user.h)
        subject = subject_of(user, held, tenant.usage(user, held, went), concealed=concealed)
        yield replace(subject, deleted=iso_day(tenant.refresh(went)))
    yield from _former(state, day, concealed=concealed)


def _former(state: State, day: int, *, concealed: bool) -> Iterator[Subject]:
    """Accounts deleted before the first day: their names match nobody any more."""
    tenant = state.tenant
    for number in range(max(2, tenant.options.users // 300)):
        user = tenant.people.user(number * 7 + 1, day)
        held = tenant.licensing(user)
        subject = subject_of(user, held, tenant.usage(user, held, day), concealed=concealed)
        if not concealed:
            subject.upn = f"former.{number}@{tenant.domain}"
        yield replace(subject, deleted=iso_day(tenant.refresh(day) - number % 29))


def _unknown_rows(state: State, function: str, frame: Frame) -> list[str]:
    """`(Unknown)` accounts, whose profile has not been made yet (`facts/graph.md` §2.3)."""
    columns = HEADERS[function].split(",")
    filled = {
        "Report Refresh Date": frame.refresh_text,
        "User Principal Name": "(Unknown)",
        "Owner Principal Name": "(Unknown)",
        "Last Activity Date": iso_day(frame.refresh - 1),
        "Is Deleted": "False",
        "Report Period": str(frame.period),
        "Product Type": "UNKNOWN",
    }
    line = ",".join(cell(filled.get(column, "")) for column in columns) + "\r\n"
    return [line] * max(1, state.tenant.options.users // 1000)


def has_period(function: str) -> bool:
    """Whether the report takes a period."""
    return function not in WITHOUT_PERIOD
