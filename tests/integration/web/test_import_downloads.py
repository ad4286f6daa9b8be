"""A run's log can be taken by everybody who reads the pages, its package by administrators only."""

from __future__ import annotations

import errno
import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seatbeacon.beacon.models import AuditEntry, ImportRun, RunLogLine, RunState, Trigger
from seatbeacon.web.accounts.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from django.test import Client

    from seatbeacon.beacon.settings import Settings

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def make_run(**fields: Any) -> ImportRun:
    defaults = {"state": RunState.SUCCEEDED, "trigger": Trigger.CLI, "queued_at": NOW}
    return ImportRun.objects.create(connection_name="Contoso", **{**defaults, **fields})


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_log_is_a_text_file(viewer: Client) -> None:
    run = make_run()
    RunLogLine.objects.create(run=run, at=NOW, level="WARNING", text="groups: denied <b>")
    answer = viewer.get(f"/imports/{run.pk}/log/")
    assert answer["Content-Disposition"] == f'attachment; filename="import-{run.pk}.log"'
    assert answer["Content-Type"].startswith("text/plain")
    assert int(answer["Content-Length"]) == len(answer.content)
    assert answer.content.decode() == "2026-03-01 08:30:00Z WARNING groups: denied <b>\n"
    assert f"/imports/{run.pk}/log/" in viewer.get(f"/imports/{run.pk}/").content.decode()


def test_a_run_without_a_log_offers_none(viewer: Client) -> None:
    assert "/log/" not in viewer.get(f"/imports/{make_run().pk}/").content.decode()


def test_the_package_is_a_zip_file_for_administrators_and_its_taking_is_told(
    home: Settings, sign_in: Callable[[Role], Client]
) -> None:
    folder = home.home / "packages" / "run-1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "users.jsonl").write_text('{"id": 1}\n' * 300_000)
    run = make_run(package=str(folder))
    address = f"/imports/{run.pk}/package/"
    assert sign_in(Role.OPERATOR).get(address).status_code == 403
    assert address not in sign_in(Role.OPERATOR).get(f"/imports/{run.pk}/").content.decode()
    administrator = sign_in(Role.ADMINISTRATOR)
    assert address in administrator.get(f"/imports/{run.pk}/").content.decode()
    answer = administrator.get(address)
    taken = body(answer)
    assert int(answer["Content-Length"]) == len(taken)
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["manifest.json", "users.jsonl"]
        assert archive.read("users.jsonl") == (folder / "users.jsonl").read_bytes()
    assert AuditEntry.objects.get(action="import.package-downloaded").target == "Contoso"


def test_an_archive_that_cannot_be_written_is_told_and_nothing_of_it_is_sent(
    home: Settings, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home.home / "packages" / "run-1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    run = make_run(package=str(folder))

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    answer = administrator.get(f"/imports/{run.pk}/package/", follow=True)
    assert "could not be written: No space left on device." in answer.content.decode()
    assert not AuditEntry.objects.filter(action="import.package-downloaded")


def test_a_package_that_is_being_written_or_lies_elsewhere_is_not_given(
    home: Settings, administrator: Client
) -> None:
    folder = home.home / "packages" / "run-1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    elsewhere = home.home / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "manifest.json").write_text("{}")
    for run in (make_run(package=str(folder), state=RunState.RUNNING), make_run(package=str(elsewhere))):
        assert administrator.get(f"/imports/{run.pk}/package/").status_code == 404
