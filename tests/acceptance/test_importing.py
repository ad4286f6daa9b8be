from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.simulator.faults import Fault

if TYPE_CHECKING:
    import subprocess

    from tests.acceptance.conftest import CommandLine

USERS = 60
KEYS = {
    "users": "id user_principal_name display_name mail department job_title country "
    "usage_location account_enabled user_type created_at licenses license_count last_activity_date",
    "licenses": "sku_id sku_part_number product_name purchased assigned available warning suspended status "
    "renewal_date active_90 inactive_90 never_active",
    "assignments": "user_id user_principal_name sku_id sku_part_number source group_id group_name state "
    "error assigned_at",
    "applications": "application kind entitled_users active_7 active_30 active_90 active_180 never_active "
    "last_activity_date",
    "usage": "user_id user_principal_name application platform last_activity_date report_refresh_date",
}


def test_a_connection_is_imported_and_every_listing_is_filled(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    done = seatbeacon("import", "run", "Contoso")
    assert "succeeded." in done.stdout
    assert len(seatbeacon.rows("users")) == USERS
    for listing, keys in KEYS.items():
        rows = seatbeacon.rows(listing)
        assert rows, listing
        assert set(keys.split()) <= set(rows[0]), listing
    assert seatbeacon.simulator.violations == []


def test_an_app_of_its_own_signs_in_by_its_secret(seatbeacon: CommandLine) -> None:
    seatbeacon.add_app(seatbeacon.simulator.client_secret)
    seatbeacon("import", "run", "app")
    assert len(seatbeacon.rows("users")) == USERS


def test_a_second_import_without_changes_says_so(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon("import", "run", "Contoso")
    done = seatbeacon("import", "run", "Contoso")
    assert f"{USERS} users (nothing changed)" in done.stdout


def test_each_refresh_token_is_used_once_and_its_successor_after_it(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    for _ in range(3):
        seatbeacon("connection", "test", "Contoso")
    token_requests = [e for e in seatbeacon.simulator.journal.entries if e.target.endswith("/token")]
    assert [entry.status for entry in token_requests] == [200] * 3


def test_without_a_reports_role_users_come_and_the_missing_role_is_named(seatbeacon: CommandLine) -> None:
    seatbeacon.add(account="cloud-admin")
    done = seatbeacon("import", "run", "Contoso", status=3)
    assert "succeeded with problems" in done.stderr
    assert "Reports Reader" in done.stderr
    assert "denied" in done.stdout
    assert len(seatbeacon.rows("users")) == USERS
    assert {row["active_90"] for row in seatbeacon.rows("licenses")} == {None}


def test_concealed_names_are_told_with_how_to_show_them(seatbeacon: CommandLine) -> None:
    seatbeacon.simulator.set_concealed(True)
    seatbeacon.add()
    done = seatbeacon("import", "run", "Contoso", status=3)
    assert "concealed" in done.stdout
    assert "Org settings" in done.stderr
    assert seatbeacon.rows("usage") == []


def test_a_wrong_secret_fails_with_what_microsoft_means_by_it(seatbeacon: CommandLine) -> None:
    seatbeacon.add_app("not-the-secret")
    done = seatbeacon("import", "run", "App", status=1)
    assert "AADSTS7000215" in done.stderr
    assert "not-the-secret" not in done.stderr + done.stdout
    told = seatbeacon("import", "list").stdout
    assert "failed" in told


def test_nothing_can_be_listed_before_the_first_import(seatbeacon: CommandLine) -> None:
    done = seatbeacon("list", "users", status=1)
    assert "seatbeacon import run" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_disabled_connection_is_not_imported(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon("connection", "disable", "Contoso")
    assert "connection enable" in seatbeacon("import", "run", "Contoso", status=1).stderr
    seatbeacon("connection", "enable", "Contoso")
    seatbeacon("import", "run", "Contoso")


def test_data_of_another_tenant_is_refused(seatbeacon: CommandLine) -> None:
    token = seatbeacon.simulator.issue_refresh_token()
    endpoints = ["--token-endpoint", seatbeacon.simulator.token_endpoint.replace("common", "organizations")]
    root = ["--graph-root", seatbeacon.simulator.graph_root]
    tenant = ["--tenant-id", "11111111-2222-3333-4444-555555555555"]
    file = ["--refresh-token-file", "-"]
    seatbeacon("connection", "add", "Other", *endpoints, *root, *tenant, *file, text=token)
    seatbeacon("import", "run", "Other", status=1)
    assert "import run" in seatbeacon("list", "users", status=1).stderr


def test_an_import_that_would_remove_too_many_users_is_held(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon("import", "run", "Contoso")
    before = seatbeacon.rows("users")
    seatbeacon.simulator.set_day(120)
    seatbeacon.environ["SEATBEACON_HOLD_SHARE"] = "0"
    done = seatbeacon("import", "run", "Contoso", status=1)
    assert "seatbeacon import publish 2" in done.stderr
    assert seatbeacon.rows("users") == before
    seatbeacon("import", "publish", "2")
    assert {row["id"] for row in seatbeacon.rows("users")} != {row["id"] for row in before}
    assert "not held" in seatbeacon("import", "discard", "2", status=1).stderr


def _until(process: subprocess.Popen[str], words: str) -> None:
    """Read what the process tells until a line holds `words`."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if words in line:
            return
    pytest.fail(f"it never said {words!r}: {lines}")


def _killed(process: subprocess.Popen[str], with_signal: signal.Signals) -> int:
    process.send_signal(with_signal)
    process.communicate()
    return process.returncode


@pytest.mark.parametrize("words", ["organization: collected", "Importing into the inventory"])
def test_a_kill_leaves_what_was_published_and_the_next_run_works(seatbeacon: CommandLine, words: str) -> None:
    seatbeacon.add()
    seatbeacon("import", "run", "Contoso")
    before = seatbeacon.rows("users")
    seatbeacon.simulator.set_day(3)
    if words.startswith("organization"):
        seatbeacon.simulator.faults.add(Fault(kind="stall", match="/users", seconds=0))
    process = seatbeacon.start("import", "run", "Contoso")
    _until(process, words)
    assert _killed(process, signal.SIGKILL) == -signal.SIGKILL
    seatbeacon.simulator.faults.clear()
    assert seatbeacon.rows("users") == before
    assert "queued" in seatbeacon("import", "list").stdout, "what was interrupted waits for whoever goes on"
    seatbeacon("import", "run", "Contoso")
    assert "queued" not in seatbeacon("import", "list").stdout
    files = [path.name for path in (seatbeacon.home / "inventory").rglob("*.duckdb*")]
    assert len(files) == 2
    assert not [name for name in files if "partial" in name]


def test_ctrl_c_cancels_the_run(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon.environ["SEATBEACON_READ_TIMEOUT"] = "0.5"
    seatbeacon.simulator.faults.add(Fault(kind="stall", match="/users", seconds=0, times=1000))
    process = seatbeacon.start("import", "run", "Contoso")
    _until(process, "organization: collected")
    assert _killed(process, signal.SIGINT) == 130
    assert "cancelled" in seatbeacon("import", "list").stdout


def test_a_second_run_beside_the_first_is_refused_by_its_number(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon.simulator.faults.add(Fault(kind="stall", match="/users", seconds=0))
    process = seatbeacon.start("import", "run", "Contoso")
    _until(process, "organization: collected")
    assert (
        "Import run 1 of connection “Contoso” is running"
        in seatbeacon("import", "run", "Contoso", status=1).stderr
    )
    _killed(process, signal.SIGKILL)


def _datasets(seatbeacon: CommandLine, run: int) -> dict[str, Any]:
    import msgspec  # noqa: PLC0415 - used here only

    shown = msgspec.json.decode(seatbeacon("import", "show", str(run), "--format", "json").stdout)
    return {one["name"]: one["outcome"] for one in shown["datasets"]}


def test_a_report_that_fails_for_good_leaves_the_rest(seatbeacon: CommandLine) -> None:
    seatbeacon.environ["SEATBEACON_GIVE_UP_AFTER"] = "0.1"
    seatbeacon.add()
    seatbeacon.simulator.faults.add(Fault(kind="503", match="getMailboxUsageDetail", times=1000))
    seatbeacon("import", "run", "Contoso", status=3)
    outcomes = _datasets(seatbeacon, 1)
    assert outcomes["mailboxUsage"] == "failed"
    assert outcomes["users"] == outcomes["activeUsers"] == "collected"


def test_users_that_fail_for_good_fail_the_run(seatbeacon: CommandLine) -> None:
    seatbeacon.environ["SEATBEACON_GIVE_UP_AFTER"] = "0.1"
    seatbeacon.add()
    seatbeacon.simulator.faults.add(Fault(kind="503", match="^/v1.0/users", times=1000))
    done = seatbeacon("import", "run", "Contoso", status=1)
    assert "users" in done.stderr
    assert "seatbeacon import run" in seatbeacon("list", "users", status=1).stderr
