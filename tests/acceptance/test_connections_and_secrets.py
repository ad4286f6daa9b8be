"""Presets, guide, warnings, keys and cancelling, as the installed command does them."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import requests
from requests.adapters import HTTPAdapter
from tests.secret_search import planted
from urllib3.util.retry import Retry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.acceptance.conftest import CommandLine

APP = "66666666-7777-8888-9999-aaaaaaaaaaaa"


def test_a_preset_of_the_organization_fills_a_connection(seatbeacon: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "presets.toml"
    words = 'label = "Contoso"\nowner = "Contoso IT"\nwho_may_use = "Contoso"'
    file.write_text(f'[[preset]]\nkey = "contoso"\nclient_id = "{APP}"\n{words}\n')
    seatbeacon.environ["SEATBEACON_PRESETS"] = str(file)
    listed = seatbeacon("connection", "presets", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["key"] for line in listed] == ["flexnet-manager-suite", "own-app", "contoso"]
    seatbeacon("connection", "add", "Contoso", "--preset", "contoso")
    assert (
        json.loads(seatbeacon("connection", "show", "Contoso", "--format", "json").stdout)["client_id"] == APP
    )
    file.write_text("[[preset]]\nkey = 3\n")
    refused = seatbeacon("connection", "add", "Other", "--preset", "contoso", status=1).stderr
    assert "SEATBEACON_PRESETS" in refused
    assert refused.count("\n") == 1


def test_the_guide_has_all_there_is_to_copy(seatbeacon: CommandLine) -> None:
    seatbeacon("connection", "add", "Contoso")
    told = seatbeacon("connection", "guide", "Contoso").stdout
    for part in (
        "06da0dbc-49e2-44d2-8312-53f166ab848a",
        "/organizations/v2.0/adminconsent",
        "http://localhost",
    ):
        assert part in told
    data = json.loads(seatbeacon("connection", "guide", "Contoso", "--format", "json").stdout)
    assert {one["name"] for one in data["narrower"]} >= {"User.Read.All", "Organization.Read.All"}


def test_an_end_that_is_near_is_warned_of_in_the_list(seatbeacon: CommandLine) -> None:
    ends = str((datetime.now(UTC) + timedelta(days=10)).date())
    own = ["--flow", "client-credentials", "--client-id", APP, "--tenant-id", seatbeacon.simulator.tenant.id]
    secret = ["--client-secret-file", "-", "--client-secret-expires", ends]
    seatbeacon("connection", "add", "App", *own, *secret, text=planted("s3cret"))
    (row,) = map(json.loads, seatbeacon("connection", "list", "--format", "json").stdout.splitlines())
    assert ends in row["warnings"][0]
    assert ends in seatbeacon("connection", "show", "App").stdout


def test_keys_are_rotated_and_a_lost_one_is_told(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    done = seatbeacon("secrets", "rotate")
    assert "Sealed 1 secrets" in done.stdout
    (key,) = map(json.loads, seatbeacon("secrets", "show", "--format", "json").stdout.splitlines())
    assert (key["secrets"], key["use"]) == (1, "seals and opens")
    (row,) = map(json.loads, seatbeacon("secrets", "check", "--format", "json").stdout.splitlines())
    assert row["state"] == "opens"
    seatbeacon("import", "run", "Contoso")
    (seatbeacon.home / "secret-keys").unlink()
    lost = seatbeacon("secrets", "check", status=1)
    assert "key lost" in lost.stdout
    assert 'seatbeacon connection authorize "Contoso"' in lost.stdout
    assert "key id" in seatbeacon("import", "run", "Contoso", status=1).stderr


def test_a_missing_role_is_told_before_the_first_import(seatbeacon: CommandLine) -> None:
    seatbeacon.add("Limited", account="cloud-admin")
    done = seatbeacon("connection", "test", "Limited", "--format", "json", status=3)
    rows = {row["dataset"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["users"]["result"] == "passed"
    assert rows["activeUsers"]["result"] == "denied"
    assert "Reports Reader" in rows["activeUsers"]["role"]
    assert "Reports Reader" in rows["activeUsers"]["told"]


def test_a_running_import_is_cancelled_from_elsewhere(seatbeacon: CommandLine) -> None:
    seatbeacon.add()
    seatbeacon.simulator.latency_ms = 2000
    running = seatbeacon.start("import", "run", "Contoso")
    assert running.stderr is not None
    line = running.stderr.readline()
    assert "Import run 1" in line
    assert "stops at its next page" in seatbeacon("import", "cancel", "1").stdout
    out, _ = running.communicate()
    del out
    assert running.returncode == 130
    assert "cancelled" in seatbeacon("import", "list").stdout
    assert "nothing to cancel" in seatbeacon("import", "cancel", "1", status=1).stderr


def test_the_demo_goes_on_to_the_pages_until_ctrl_c(seatbeacon: CommandLine, tmp_path: Path) -> None:
    home = str(tmp_path / "demo")
    demo = seatbeacon.start("demo", "--users", "30", "--home", home, "--serve", "--port", "18365")
    assert demo.stdout is not None
    address = ""
    for line in demo.stdout:
        if "/welcome/" in line:
            address = line.strip()
            break
    assert address
    with requests.Session() as browser:
        browser.mount(
            "http://", HTTPAdapter(max_retries=Retry(connect=30, backoff_factor=0.1, backoff_max=1))
        )
        assert browser.get(address, timeout=30).status_code == 200
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate()
    assert demo.returncode == 0, err
    assert "Traceback" not in out + err


def test_a_demo_that_nobody_watches_ends_and_says_how_to_open_the_pages(
    seatbeacon: CommandLine, tmp_path: Path
) -> None:
    done = seatbeacon("demo", "--users", "30", "--home", str(tmp_path / "demo"))
    assert "demo --serve --home" in done.stdout


def test_ctrl_c_while_the_demo_imports_is_clean(seatbeacon: CommandLine, tmp_path: Path) -> None:
    demo = seatbeacon.start("demo", "--users", "5000", "--home", str(tmp_path / "demo"))
    assert demo.stderr is not None
    for line in demo.stderr:
        if "started" in line:
            break
    demo.send_signal(signal.SIGINT)
    _, err = demo.communicate()
    assert demo.returncode == 130
    assert "Traceback" not in err
