from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.inventory.errors import BadPackageData
from seatbeacon.inventory.importing.csvfile import columns_of

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = {
    "activeUsers": "cli-m365/tenant_report_report-activeuserdetail.csv",
    "activations": "cli-m365/tenant_report_report-office365activationsuserdetail.csv",
    "mailboxUsage": "cli-m365/outlook_report_report-mailboxusagedetail.csv",
    "emailActivity": "cli-m365/outlook_report_report-mailactivityuserdetail.csv",
    "oneDriveUsage": "cli-m365/onedrive_report_report-usageaccountdetail.csv",
    "oneDriveActivity": "cli-m365/onedrive_report_report-activityuserdetail.csv",
    "sharePointActivity": "cli-m365/spo_report_report-activityuserdetail.csv",
    "teamsActivity": "cli-m365/teams_report-useractivityuserdetail.csv",
    "teamsDevices": "cli-m365/teams_report-deviceusageuserdetail.csv",
    "vivaEngageActivity": "cli-m365/viva_engage_engage-report-activityuserdetail.csv",
    "copilotUsage": "csv/getMicrosoft365CopilotUsageUserDetail_v1.csv",
}


def test_real_responses_go_through(make: Any, kit: Any, samples: Path) -> None:
    people = [
        kit.user("a", userPrincipalName="John.Doe@contoso.com"),
        kit.user("b", userPrincipalName="amanda.powell@contoso.onmicrosoft.com"),
    ]
    reports = {name: (samples / file).read_bytes() for name, file in SAMPLES.items()}
    version = make.version(people, **reports)
    assert kit.sql(version, "SELECT items, bytes_used, quota_bytes FROM mailboxes") == [
        (191, 5719031, 107374182400)
    ]
    found = kit.rows(version, "usage", "user_id", "application", "last_activity_date", "report_refresh_date")
    assert [tuple(row.values()) for row in found] == [
        ("id-b", "SharePoint", date(2022, 9, 8), date(2022, 11, 26)),
    ]
    matching = dict(kit.sql(version, "SELECT dataset, unmatched FROM report_matching"))
    assert matching == {name: int(name not in ("mailboxUsage", "sharePointActivity")) for name in SAMPLES}


@pytest.mark.parametrize(
    "file", ["getM365AppUserDetail.header.csv", "getOffice365ActiveUserDetail.header.csv"]
)
def test_a_header_alone_is_an_empty_report(make: Any, kit: Any, samples: Path, file: str) -> None:
    name = "appUsageD7" if "App" in file else "activeUsers"
    version = make.version([kit.user(1)], **{name: (samples / "csv" / file).read_bytes()})
    assert kit.rows(version, "usage", "user_id") == []


def test_microsofts_headers_lack_nothing_that_we_read(samples: Path) -> None:
    files = {
        "appUsageD7": "getM365AppUserDetail.header.csv",
        "activeUsers": "getOffice365ActiveUserDetail.header.csv",
        "emailActivity": "getEmailActivityUserDetail.header.csv",
        "copilotUsage": "getMicrosoft365CopilotUsageUserDetail_v1.csv",
        "teamsActivity": "getTeamsUserActivityUserDetail_doc2024.header.csv",
    }
    for dataset, file in files.items():
        assert columns_of(dataset, str(samples / "csv" / file)).missing == ()


def test_columns_are_found_by_name_wherever_they_stand(make: Any, kit: Any) -> None:
    report = kit.report(
        'Brand New,"Last  Activity Date",user principal name,Report Refresh Date,Send Count',
        f'"a, ""b""\r\nc",2026-07-01,user1@contoso.example,{kit.refresh},many',
        "",
        "",
    )
    version = make.version([kit.user(1)], emailActivity=report)
    assert kit.rows(version, "usage", "last_activity_date") == [date(2026, 7, 1)]
    notes = " ".join(make.results[-1].notes)
    assert "lacks 'Receive Count', 'Read Count'" in notes
    assert "1 rows hold a value" in notes


def test_rows_shorter_than_the_header_are_read(make: Any, kit: Any) -> None:
    report = kit.report(
        "Report Refresh Date,User Principal Name,Last Activity Date,Send Count",
        f"{kit.refresh},user1@contoso.example,2026-07-01",
        f"{kit.refresh},user2@contoso.example,2026-07-02,5",
    )
    version = make.version([kit.user(1), kit.user(2)], emailActivity=report)
    assert len(kit.rows(version, "usage", "user_id")) == 2


@pytest.mark.parametrize(("yes", "no"), [("Yes", "No"), ("True", "False")])
def test_both_spellings_of_yes_are_understood(make: Any, kit: Any, yes: str, no: str) -> None:
    report = kit.report(
        "Report Refresh Date,User Principal Name,Word,Word (Web),Excel",
        f"{kit.refresh},user1@contoso.example,{yes},{no},",
    )
    version = make.version([kit.user(1)], appUsageD30=report)
    assert kit.rows(version, "usage", "application", "platform") == [
        {"application": "Word", "platform": "All"}
    ]


def test_a_cell_that_is_not_what_its_column_says_spoils_no_other(make: Any, kit: Any) -> None:
    report = kit.app_usage(7, {"user1@contoso.example": "Word", "user2@contoso.example": "Word"})
    version = make.version([kit.user(1), kit.user(2)], appUsageD7=report.replace(b",,,7,", b",soon,,7,", 1))
    assert kit.rows(version, "usage", "application") == ["Word", "Word"]
    assert any("1 rows hold a value that is not" in note for note in make.results[-1].notes)


def test_a_report_that_is_no_text_is_told(make: Any, kit: Any) -> None:
    with pytest.raises(BadPackageData, match=r"emailActivity\.csv"):
        make.version([kit.user(1)], emailActivity=b"\xff\xfe\x00R\x00e\n\x00\n")


def test_a_report_without_names_is_left_out(make: Any, kit: Any) -> None:
    version = make.version(
        [kit.user(1)], emailActivity=kit.report("Report Refresh Date,Site", f"{kit.refresh},x")
    )
    assert kit.rows(version, "usage", "user_id") == []
    assert any("no column that names users" in note for note in make.results[-1].notes)
