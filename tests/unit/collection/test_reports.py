from __future__ import annotations

import csv
import io
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatbeacon.collection.datasets import BY_NAME
from seatbeacon.collection.errors import TruncatedReport, UnreadableReport
from seatbeacon.collection.reports.inspection import ReportFacts, inspect_report
from seatbeacon.collection.reports.names import is_concealed

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "facts" / "samples"
HASH = "77E5979DD60BA6EAA53E814DBEEEFA5F"
CAPTURED = {
    "tenant_report_report-activeuserdetail.csv": "activeUsers",
    "tenant_report_report-office365activationsuserdetail.csv": "activations",
    "outlook_report_report-mailboxusagedetail.csv": "mailboxUsage",
    "outlook_report_report-mailactivityuserdetail.csv": "emailActivity",
    "onedrive_report_report-usageaccountdetail.csv": "oneDriveUsage",
    "onedrive_report_report-activityuserdetail.csv": "oneDriveActivity",
    "spo_report_report-activityuserdetail.csv": "sharePointActivity",
    "teams_report-useractivityuserdetail.csv": "teamsActivity",
    "teams_report-deviceusageuserdetail.csv": "teamsDevices",
    "viva_engage_engage-report-activityuserdetail.csv": "vivaEngageActivity",
}


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., ReportFacts]:
    def inspected(body: bytes, name: str = "emailActivity") -> ReportFacts:
        path = tmp_path / "report.csv"
        path.write_bytes(body)
        return inspect_report(path, BY_NAME[name])

    return inspected


def small(*rows: str, end: str = "\r\n") -> bytes:
    return end.join(["Report Refresh Date,User Principal Name,Report Period", *rows, ""]).encode()


@pytest.mark.skipif(
    not (SAMPLES.is_dir() or "CI" in os.environ), reason="Microsoft's samples are not beside this clone"
)
@pytest.mark.parametrize("name", CAPTURED)
def test_captured_reports_are_understood_and_known_to_be_concealed(
    look: Callable[..., ReportFacts], name: str
) -> None:
    body = (SAMPLES / "cli-m365" / name).read_bytes()
    facts = look(body, CAPTURED[name])
    names = [
        row[BY_NAME[CAPTURED[name]].name_column or ""] for row in csv.DictReader(io.StringIO(body.decode()))
    ]
    assert facts.rows == len(names)
    assert facts.refresh_date is not None
    assert facts.concealed == all(map(is_concealed, filter(None, names)))
    assert not any("Unknown columns" in note for note in facts.notes)


@pytest.mark.skipif(
    not (SAMPLES.is_dir() or "CI" in os.environ), reason="Microsoft's samples are not beside this clone"
)
@pytest.mark.parametrize(
    ("file", "dataset"),
    [
        ("getOffice365ActiveUserDetail.header.csv", "activeUsers"),
        ("getM365AppUserDetail.header.csv", "appUsageD7"),
        ("getMailboxUsageDetail.header.csv", "mailboxUsage"),
        ("getEmailActivityUserDetail.header.csv", "emailActivity"),
        ("getTeamsUserActivityUserDetail_doc2024.header.csv", "teamsActivity"),
    ],
)
def test_documented_headers_hold_nothing_unknown_and_lack_little(
    look: Callable[..., ReportFacts], file: str, dataset: str
) -> None:
    facts = look((SAMPLES / "csv" / file).read_bytes(), dataset)
    assert facts.rows == 0
    assert [note for note in facts.notes if "Unknown columns" in note] == []
    missing = [note for note in facts.notes if "did not come" in note]
    assert missing in ([], ["Columns that did not come: Recipient Type."])


@pytest.mark.skipif(
    not (SAMPLES.is_dir() or "CI" in os.environ), reason="Microsoft's samples are not beside this clone"
)
def test_the_copilot_report_of_the_documentation_is_concealed(look: Callable[..., ReportFacts]) -> None:
    facts = look((SAMPLES / "csv/getMicrosoft365CopilotUsageUserDetail_v1.csv").read_bytes(), "copilotUsage")
    assert (facts.rows, facts.concealed, facts.refresh_date) == (1, True, date(2026, 7, 3))
    assert facts.notes == ()


def test_a_byte_order_mark_double_blanks_and_blank_lines_at_the_end_do_no_harm(
    look: Callable[..., ReportFacts],
) -> None:
    body = b"\xef\xbb\xbf" + small("2026-09-01,a@x,180", "2026-09-02,b@x,180", "", "").replace(
        b"User Principal", b"User  Principal"
    )
    facts = look(body)
    assert (facts.rows, facts.refresh_date, facts.concealed) == (2, date(2026, 9, 2), False)


def test_columns_that_are_new_or_missing_are_told(look: Callable[..., ReportFacts]) -> None:
    notes = look(small("2026-09-01,a@x,180").replace(b",Report Period", b",Mood")).notes
    assert "Unknown columns, passed over: Mood." in notes
    assert "Columns that did not come: Last Activity Date, Send Count, Receive Count, Read Count." in notes


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("names", "concealed"),
    [
        ([HASH, HASH], True),
        ([HASH, "", "(Unknown)"], True),
        (["<PII:H105(abc)>@contoso.com", "<PII:H105(xyz)>@contoso.com"], True),
        ([HASH, "anna@contoso.com"], False),
        (["", "(Unknown)"], False),
        ([HASH.lower()], False),
        ([], False),
    ],
)
def test_a_report_is_concealed_where_every_name_is_a_hash(
    look: Callable[..., ReportFacts], names: list[str], concealed: bool, end: str
) -> None:
    facts = look(small(*(f"2026-09-01,{name},180" for name in names), end=end))
    assert facts.concealed is concealed


def test_one_name_among_very_many_hashes_is_found(look: Callable[..., ReportFacts]) -> None:
    rows = [f"2026-09-01,{number:032X},180" for number in range(60_000)]
    assert look(small(*rows)).concealed
    assert not look(small(*rows[:-5], "2026-09-01,anna@contoso.com,180")).concealed


def test_rows_of_unknown_users_are_counted(look: Callable[..., ReportFacts]) -> None:
    rows = [
        f"2026-09-01,{'(Unknown)' if number % 1000 == 7 else f'a{number}@x'},180" for number in range(60_000)
    ]
    facts = look(small(*rows))
    assert facts.rows == 60_000
    assert facts.unknown_rows == 60
    assert "60 rows are of (Unknown) users and joined to nobody." in facts.notes


def test_quoted_commas_and_lines_are_read_as_csv(look: Callable[..., ReportFacts]) -> None:
    head = b"Report Refresh Date,Site URL,Owner Principal Name,Owner Display Name,Report Period\r\n"
    row = b'2026-09-01,https://x,"anna@x","Berg, ""Anna""",180\r\n'
    assert look(head + row * 3, "oneDriveUsage").rows == 3
    two_lines = b'2026-09-01,https://x,anna@x,"Berg,\r\nAnna",180\r\n'
    assert look(head + row + two_lines * 2, "oneDriveUsage").rows == 3


@pytest.mark.parametrize(
    "body",
    [
        small().rstrip(),
        b"Report Refresh Date,User Principal Name",
        small("2026-09-01,a@x,180", "2026-09-0").rstrip(),
        small("2026-09-01,a@x,180", "2026-09-01,b@x").rstrip(),
        small("2026-09-01,a@x,180", "2026-09-01,b@x,1").rstrip(),
        small("2026-09-01,a@x,180", '2026-09-01,"b@').rstrip(),
        small("2026-09-01,a@x", "2026-09-01,b@x,180"),
        small("2026-09-01,a@x,180", "2026-09-01,,b@x,180", "2026-09-01,c@x"),
    ],
)
def test_a_report_that_breaks_off_is_noticed(look: Callable[..., ReportFacts], body: bytes) -> None:
    with pytest.raises(TruncatedReport, match="broke off or was damaged"):
        look(body)


def test_rows_with_more_fields_than_the_header_are_told(look: Callable[..., ReportFacts]) -> None:
    facts = look(small("2026-09-01,a@x,180,1,2", "2026-09-01,b@x,180"))
    assert facts.rows == 2
    assert "1 row has more fields than the header; what is beyond it is passed over." in facts.notes


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "nothing at all"),
        (b"<!doctype html><html>", "<!doctype html>"),
        (b'{"error":{"code":"x"}}', "error"),
        (b"Report Refresh Date,Display Name\r\n", "User Principal Name"),
        (b"\xff\xfeR\x00", "no CSV"),
    ],
)
def test_what_is_no_report_is_named(look: Callable[..., ReportFacts], body: bytes, told: str) -> None:
    with pytest.raises(UnreadableReport, match=told):
        look(body)


field = st.text(st.sampled_from('ab,"\n\r 1é'), max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(field, field), max_size=12), cut=st.integers(0, 12))
def test_it_counts_what_a_csv_parser_counts_and_notices_every_cut_within_a_row(
    look: Callable[..., ReportFacts], rows: list[tuple[str, str]], cut: int
) -> None:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Report Refresh Date", "User Principal Name", "Display Name", "Report Period"])
    for first, second in rows:
        writer.writerow(["2026-09-01", first, second, 180])
    body = text.getvalue().encode()
    assert look(body).rows == len(rows)
    if len(rows) > 1 and cut > 2:
        with pytest.raises((TruncatedReport, UnreadableReport)):
            look(body[:-cut])
