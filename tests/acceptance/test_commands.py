from __future__ import annotations

import json
import signal
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from tests.secret_search import planted

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import CommandLine

USERS = 60
PASSWORD, TOKEN = planted("proxy-password"), planted("refresh-token")


def test_a_connection_is_added_shown_edited_and_deleted(seatbeacon: CommandLine, tmp_path: Path) -> None:
    seatbeacon.home = tmp_path / "not made yet"
    seatbeacon("connection", "add", "Contoso 365", "--cloud", "us-gov-l4")
    shown = json.loads(seatbeacon("connection", "show", "contoso 365", "--format", "json").stdout)
    assert shown["token_endpoint"] == "https://login.microsoftonline.us/common/oauth2/v2.0/token"
    assert shown["client_id"] == "5bb1a5a2-0d97-4335-9448-119f7b27aff9"
    seatbeacon("connection", "edit", "Contoso 365", "--name", "Contoso", "--proxy", "proxy.example:8080")
    assert "http://proxy.example:8080" in seatbeacon("connection", "list").stdout
    seatbeacon("connection", "delete", "Contoso", status=2)
    seatbeacon("connection", "delete", "Contoso", "--yes")
    assert "no connection yet" in seatbeacon("connection", "list").stderr


def test_a_wrong_value_says_what_is_right_and_adds_nothing(seatbeacon: CommandLine) -> None:
    done = seatbeacon("connection", "add", "Contoso", "--client-id", "my-app", status=1)
    assert "is not a GUID" in done.stderr
    assert done.stderr.count("\n") == 1
    assert seatbeacon("connection", "list").stdout == ""


def test_a_secret_is_never_shown(seatbeacon: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "proxy.secret").write_text(f"{PASSWORD}\n")
    proxy = ["--proxy", "proxy.example:8080", "--proxy-username", "me"]
    password = ["--proxy-password-file", str(tmp_path / "proxy.secret")]
    seatbeacon(
        "connection", "add", "Contoso", *proxy, *password, "--refresh-token-file", "-", text=f"{TOKEN}\n"
    )
    shown = seatbeacon("connection", "show", "Contoso").stdout + seatbeacon("connection", "list").stdout
    assert PASSWORD not in shown
    assert TOKEN not in shown
    database = b"".join(path.read_bytes() for path in seatbeacon.home.glob("seatbeacon.sqlite3*"))
    assert PASSWORD.encode() not in database
    assert TOKEN.encode() not in database


def test_two_secrets_cannot_both_come_from_standard_input(seatbeacon: CommandLine) -> None:
    options = ["--refresh-token-file", "-", "--client-secret-file", "-"]
    assert "one secret only" in seatbeacon("connection", "add", "Contoso", *options, status=2).stderr


def test_a_connection_is_tested_dataset_by_dataset(seatbeacon: CommandLine) -> None:
    seatbeacon.add("Full")
    done = seatbeacon("connection", "test", "Full", "--format", "json")
    results = {row["dataset"]: row["result"] for row in map(json.loads, done.stdout.splitlines())}
    assert results["users"] == results["activeUsers"] == "passed"
    assert results["signInActivity"] == "denied"
    seatbeacon.add("Limited", account="cloud-admin")
    done = seatbeacon("connection", "test", "Limited", status=3)
    assert "Reports Reader" in done.stdout
    assert "activeUsers" in done.stderr


def test_concealed_names_are_told_by_the_test_already(seatbeacon: CommandLine) -> None:
    seatbeacon.simulator.set_concealed(True)
    seatbeacon.add()
    assert "concealed" in seatbeacon("connection", "test", "Contoso", status=3).stdout


def test_a_tenant_that_cannot_be_reached_is_one_line(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon.environ["SEATBEACON_GIVE_UP_AFTER"] = "0.1"
    seatbeacon.simulator.stop()
    done = seatbeacon("connection", "test", "Contoso", status=1)
    assert done.stderr.startswith("seatbeacon: ")
    assert done.stderr.count("\n") == 1


def test_a_package_is_collected_shown_and_imported_elsewhere(seatbeacon: CommandLine, tmp_path: Path) -> None:
    package = tmp_path / "package"
    seatbeacon.add()
    seatbeacon("package", "collect", "Contoso", "--out", str(package))
    assert "seatbeacon import run" in seatbeacon("list", "users", status=1).stderr
    shown = json.loads(seatbeacon("package", "show", str(package), "--format", "json").stdout)
    assert shown["status"] == "complete"
    assert str(USERS) in seatbeacon("package", "show", str(package)).stdout
    seatbeacon.home = tmp_path / "elsewhere"
    seatbeacon("package", "import", str(package))
    assert len(seatbeacon.rows("users")) == USERS
    first = seatbeacon.rows("assignments")
    seatbeacon("package", "import", str(package))
    assert seatbeacon.rows("assignments") == first


def test_a_damaged_package_is_refused(seatbeacon: CommandLine, tmp_path: Path) -> None:
    package = tmp_path / "package"
    seatbeacon.add()
    seatbeacon("package", "collect", "Contoso", "--out", str(package))
    with (package / "users.ndjson").open("ab") as file:
        file.write(b"{}\n")
    assert "users.ndjson" in seatbeacon("package", "import", str(package), status=1).stderr
    assert "users.ndjson" in seatbeacon("package", "show", str(package), status=1).stderr
    assert "not a package" in seatbeacon("package", "show", str(tmp_path), status=1).stderr


def test_a_listing_is_filtered_sorted_and_cut(imported: CommandLine) -> None:
    seatbeacon = imported
    columns = ["--columns", "user_principal_name,license_count"]
    rows = seatbeacon.rows("users", "--filter", "user_type=Member", "--sort", "-license_count", *columns)
    counts = [row["license_count"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert set(rows[0]) == {"user_principal_name", "license_count"}
    assert len(seatbeacon.rows("users", "--limit", "5")) == 5
    assert seatbeacon.rows("users", "--sort", "-last_activity", "--limit", "1")
    csv = seatbeacon("list", "licenses", "--format", "csv").stdout
    assert csv.startswith("sku_id,")
    table = seatbeacon("list", "users", "--limit", "3").stdout.splitlines()
    assert len(table) == 5
    assert "The first 50 are shown" in seatbeacon("list", "users").stderr
    assert "Nothing matches" in seatbeacon("list", "users", "--search", "nobody at all").stderr


@pytest.mark.parametrize(
    "options", [["--filter", "shoe_size=44"], ["--sort", "shoe_size"], ["--columns", "shoe_size"]]
)
def test_a_column_that_does_not_exist_is_told_with_those_that_do(
    imported: CommandLine, options: list[str]
) -> None:
    assert "department" in imported("list", "users", *options, status=1).stderr


def test_a_reader_who_leaves_early_is_no_error(seatbeacon: CommandLine) -> None:
    process = seatbeacon.start("catalog", "show", "--format", "json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 1


def test_the_catalog_is_shown_and_replaced(seatbeacon: CommandLine, tmp_path: Path) -> None:
    assert "ENTERPRISEPACK" in seatbeacon("catalog", "show").stdout
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    done = seatbeacon("catalog", "update", str(tmp_path / "table.csv"), status=1)
    assert done.stderr.count("\n") == 1


def test_the_demo_runs_again_and_again(seatbeacon: CommandLine, tmp_path: Path) -> None:
    home = str(tmp_path / "demo home")
    first = seatbeacon("demo", "--users", "80", "--home", home)
    for label in ("Users", "Licenses", "Assignments", "Applications", "Usage"):
        assert f"\n{label}\n" in first.stdout
    assert f"SEATBEACON_HOME='{home}' " in first.stdout
    assert "seatbeacon list users --filter" in first.stdout
    seatbeacon("demo", "--users", "30", "--day", "0", "--home", home)
    seatbeacon.home = tmp_path / "demo home"
    assert len(seatbeacon.rows("users")) == 30


def test_the_demos_activity_reaches_the_present(seatbeacon: CommandLine, tmp_path: Path) -> None:
    seatbeacon("demo", "--users", "80", "--home", str(tmp_path / "demo"))
    seatbeacon.home = tmp_path / "demo"
    latest = max(row["report_refresh_date"] for row in seatbeacon.rows("usage"))
    behind = datetime.now(UTC).date() - date.fromisoformat(latest)
    assert behind.days <= 3


def test_a_simulated_tenant_tells_how_to_connect_to_it(seatbeacon: CommandLine) -> None:
    process = seatbeacon.start("simulate", "--users", "20", "--port", "0")
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "--client-secret-file -" in line:
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert sum("seatbeacon connection add" in line for line in lines) == 3
    assert "nothing that a caller must not do" in out


def test_a_fault_that_does_not_exist_is_a_wrong_command_line(seatbeacon: CommandLine) -> None:
    done = seatbeacon("simulate", "--users", "20", "--port", "0", "--fault", "nonsense", status=2)
    assert "there is no fault" in done.stderr


def test_the_settings_are_listed_with_their_source(seatbeacon: CommandLine) -> None:
    seatbeacon.environ["SEATBEACON_SECRET_KEYS"] = "aHVudGVyMg=="
    done = seatbeacon("settings", "--format", "json")
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["SEATBEACON_HOME"]["source"] == "environment"
    assert rows["SEATBEACON_SECRET_KEYS"]["value"] == "********"
    assert "aHVudGVyMg" not in done.stdout
