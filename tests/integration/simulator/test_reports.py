"""The usage reports as they are downloaded."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from seatbeacon.simulator.reports.columns import HEADERS
from seatbeacon.simulator.truth import truth

if TYPE_CHECKING:
    from collections.abc import Callable

COPILOT = "getMicrosoft365CopilotUsageUserDetail"
HASH = re.compile(r"^[0-9A-F]{32}$")


def path_of(function: str, period: str = "D180") -> str:
    if function == "getOffice365ActivationsUserDetail":
        return f"/reports/{function}"
    return f"/{'copilot/' * (function == COPILOT)}reports/{function}(period='{period}')"


def download(client: Any, function: str, period: str = "D180") -> bytes:
    answer = client.get(path_of(function, period))
    if answer.status_code == 302:
        answer = requests.get(answer.headers["Location"], timeout=20)
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def rows(client: Any, function: str, period: str = "D180") -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(download(client, function, period).decode("utf-8-sig"), newline=""))
    )


@pytest.mark.parametrize("function", sorted(HEADERS))
def test_a_report_has_its_mark_its_header_and_lines_of_its_width(client: Any, function: str) -> None:
    content = download(client, function)
    assert content.startswith(b"\xef\xbb\xbfReport Refresh Date,")
    assert content.endswith(b"\r\n")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert ",".join(lines[0]) == HEADERS[function]
    assert {len(line) for line in lines} == {len(lines[0])}
    assert len(lines) > 2


def test_the_app_report_has_thirty_nine_columns_and_teams_devices_a_double_space() -> None:
    assert len(HEADERS["getM365AppUserDetail"].split(",")) == 39
    assert "Used  Chrome OS" in HEADERS["getTeamsDeviceUsageUserDetail"].split(",")


def test_a_report_redirects_to_another_host_without_a_token(client: Any) -> None:
    answer = client.get(path_of("getMailboxUsageDetail"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(client.simulator.download_root)
    assert requests.get(answer.headers["Location"] + "0", timeout=20).status_code == 404
    assert client.get(path_of(COPILOT)).status_code == 200


def test_a_download_address_grows_old(start: Callable[..., Any]) -> None:
    client = start(download_seconds=-1)
    location = client.get(path_of("getMailboxUsageDetail")).headers["Location"]
    assert requests.get(location, timeout=20).status_code == 403


def test_packed_and_plain_downloads_are_the_same(client: Any) -> None:
    location = client.get(path_of("getMailboxUsageDetail")).headers["Location"]
    plain = requests.get(location, headers={"Accept-Encoding": "identity"}, timeout=20)
    packed = requests.get(location, headers={"Accept-Encoding": "gzip"}, timeout=20)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.content == packed.content


def test_without_a_reports_role_delegated_reports_are_refused_and_the_app_needs_none(client: Any) -> None:
    simulator = client.simulator
    limited = {"Authorization": f"Bearer {simulator.issue_access_token('cloud-admin')}"}
    answer = client.get(path_of("getMailboxUsageDetail"), **limited)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "S2SUnauthorized")
    assert client.get("/users?$top=1", **limited).status_code == 200
    own = {"Authorization": f"Bearer {simulator.issue_access_token(None)}"}
    assert client.get(path_of("getMailboxUsageDetail"), **own).status_code == 302


@pytest.mark.parametrize("path", ["(period='D8')", "", "(date=2026-08-01)", "(period='ALL')"])
def test_other_periods_are_refused(client: Any, path: str) -> None:
    assert client.get(f"/reports/getMailboxUsageDetail{path}").status_code == 400


def test_exact_days_in_reports_are_those_of_the_truth(client: Any) -> None:
    told = {
        (row["user_principal_name"].lower(), row["application"]): row["last_activity_date"]
        for row in truth(client.simulator.tenant).usage
        if row["last_activity_date"]
    }
    names = {upn for upn, _ in told} | {
        u["user_principal_name"].lower() for u in truth(client.simulator.tenant).users
    }
    columns = {
        "Exchange": "Exchange",
        "OneDrive": "OneDrive",
        "SharePoint": "SharePoint",
        "Yammer": "Viva Engage",
        "Teams": "Teams",
    }
    seen = {
        (row["User Principal Name"].lower(), application): row[f"{column} Last Activity Date"]
        for row in rows(client, "getOffice365ActiveUserDetail")
        for column, application in columns.items()
        if row[f"{column} Last Activity Date"] and row["User Principal Name"].lower() in names
    }
    copilot = {
        (row["User Principal Name"].lower(), "Copilot"): row["Last Activity Date"]
        for row in rows(client, COPILOT)
        if row["Last Activity Date"] and row["User Principal Name"].lower() in names
    }
    assert seen | copilot == told


def test_apps_are_told_by_the_shortest_period_that_says_yes(client: Any) -> None:
    told = {
        (row["user_principal_name"].lower(), row["application"], row["platform"]): row["active_within_days"]
        for row in truth(client.simulator.tenant).usage
        if row["application"] in ("Outlook", "Word", "Excel", "PowerPoint", "OneNote")
    }
    seen: dict[tuple[str, str, str], int] = {}
    for period in (180, 90, 30, 7):
        for row in rows(client, "getM365AppUserDetail", f"D{period}"):
            for column, value in row.items():
                app, _, platform = column.partition(" (")
                if value == "Yes" and app in ("Outlook", "Word", "Excel", "PowerPoint", "OneNote"):
                    upn = row["User Principal Name"].lower()
                    seen[upn, app, platform.rstrip(")") or "All"] = period
    mine = {key: value for key, value in seen.items() if not key[0].startswith("former.")}
    assert mine == told


def test_some_rows_are_of_nobody_in_the_directory(client: Any) -> None:
    found = rows(client, "getOffice365ActiveUserDetail")
    names = {
        row["userPrincipalName"].lower() for row in client.rows("/users?$select=userPrincipalName&$top=999")
    }
    strangers = [row for row in found if row["User Principal Name"].lower() not in names]
    assert {"(Unknown)"} < {row["User Principal Name"] for row in strangers}
    assert any(row["Is Deleted"] == "True" for row in strangers)
    assert any(row["User Principal Name"] != row["User Principal Name"].lower() for row in found)


@pytest.mark.parametrize("function", sorted(HEADERS))
def test_concealed_reports_hold_hashes_only(start: Callable[..., Any], function: str) -> None:
    client = start(concealed=True)
    for row in rows(client, function):
        for column in (
            "User Principal Name",
            "Display Name",
            "Owner Principal Name",
            "Owner Display Name",
            "Site URL",
        ):
            assert HASH.match(row.get(column, "0" * 32))
        assert row.get("User Id", "0")[:1] == "0"


def test_concealing_can_be_turned_on_and_told(client: Any) -> None:
    client.simulator.set_concealed(True)
    assert HASH.match(rows(client, COPILOT)[0]["User Principal Name"])
    token = client.simulator.issue_access_token(permissions=("ReportSettings.Read.All",))
    settings = client.get("/admin/reportSettings", Authorization=f"Bearer {token}").json()
    assert settings["displayConcealedNames"] is True


def test_an_empty_report_has_a_header_only(start: Callable[..., Any]) -> None:
    client = start(empty_reports=frozenset({"getMailboxUsageDetail"}))
    assert rows(client, "getMailboxUsageDetail") == []
    assert rows(client, "getEmailActivityUserDetail")


def test_reports_stay_two_days_behind_and_copilots_three(client: Any) -> None:
    client.simulator.set_day(10)
    assert {row["Report Refresh Date"] for row in rows(client, "getMailboxUsageDetail")} == {"2026-09-09"}
    assert {row["Report Refresh Date"] for row in rows(client, COPILOT)} == {"2026-09-08"}
