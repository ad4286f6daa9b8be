from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.collection.datasets import BY_NAME
from seatbeacon.collection.errors import DiskFull, FolderInUse, ForeignTenant, PackageError
from seatbeacon.collection.package import Manifest, Outcome
from seatbeacon.collection.package.reader import open_package
from seatbeacon.collection.package.schemas import SCHEMAS
from seatbeacon.graph.clouds import CLOUDS
from seatbeacon.graph.errors import (
    Cancelled,
    NotFound,
    NotSupported,
    PageTokenExpired,
    PermissionDenied,
    PremiumRequired,
    RepeatingNextLink,
    ServiceUnavailable,
    SignInError,
    Unauthorized,
)

if TYPE_CHECKING:
    from pathlib import Path

    from seatbeacon.collection.progress import Progress

Graph = Any  # the FakeGraph of conftest.py
Run = Callable[..., Manifest]


def record(manifest: Manifest, name: str) -> Any:
    found = manifest.dataset(name)
    assert found is not None
    return found


def ids(folder: Path, dataset: str) -> list[str]:
    return [json.loads(line)["id"] for line in (folder / SCHEMAS[dataset].file).read_text().splitlines()]


def failing(error: Exception, *, where: str, times: int = 1, after: int = 0) -> Callable[..., None]:
    """A fault at the requests whose path holds `where`, `after` of them let through."""
    seen = [0]

    def fault(_: Graph, path: str, __: int) -> None:
        if where in path:
            seen[0] += 1
            if after < seen[0] <= after + times:
                raise error

    return fault


def test_it_collects_every_dataset_into_a_package_that_verifies(
    run: Run, graph: Graph, tmp_path: Path
) -> None:
    manifest = run(graph)
    package = open_package(tmp_path / "package")
    package.verify(tenant=graph.tenant.upper())
    assert manifest == package.manifest
    assert [each.name for each in manifest.datasets] == list(SCHEMAS)
    assert {each.outcome for each in manifest.datasets} == {Outcome.COLLECTED}
    assert record(manifest, "users").count == 40
    assert record(manifest, "groups").count == 3
    assert record(manifest, "servicePrincipals").count == 3
    assert record(manifest, "appRoleAssignedTo").count == 15
    assert record(manifest, "activeUsers").count == 3
    assert str(record(manifest, "activeUsers").refresh_date) == "2026-09-01"
    assert manifest.tenant is not None
    assert manifest.tenant.default_domain == "contoso.com"
    assert manifest.requests == graph.stats.requests == len(graph.paths)
    assert sorted(ids(package.folder, "users")) == sorted(user["id"] for user in graph.users)
    assert package.path("activeUsers").read_bytes().startswith(b"\xef\xbb\xbfReport Refresh Date")


def test_the_organization_is_asked_first_and_nothing_more_of_a_foreign_tenant(
    run: Run, graph: Graph, tmp_path: Path
) -> None:
    with pytest.raises(ForeignTenant, match=r"Contoso \(1111.*reads 9999"):
        run(graph, expected_tenant="9999")
    assert [path.split("?")[0] for path in graph.paths] == ["/organization"]
    assert open_package(tmp_path / "package").manifest.status == "collecting"


def test_progress_is_told_for_every_dataset_to_its_end(run: Run, graph: Graph) -> None:
    graph.page_size = 7
    told: list[Progress] = []
    run(graph, progress=told.append)
    finished = {each.dataset: each for each in told if each.finished}
    assert set(finished) == set(SCHEMAS)
    assert finished["users"].objects == 40
    assert max(each.pages for each in told if each.dataset == "users") == 6
    assert {each.expected for each in told if each.dataset == "users"} == {40}


def test_pretty_printed_objects_stand_on_one_line_each(run: Run, graph: Graph, tmp_path: Path) -> None:
    graph.pretty = True
    manifest = run(graph)
    assert record(manifest, "users").lines == 40
    assert len(ids(tmp_path / "package", "users")) == 40
    assert (tmp_path / "package" / "reportSettings.ndjson").read_text() == '{"displayConcealedNames":false}\n'


def test_objects_that_come_twice_are_written_twice_and_counted_once(run: Run, graph: Graph) -> None:
    graph.users += graph.users[:5]
    graph.counts = lambda count: count - 5
    users = record(run(graph), "users")
    assert (users.outcome, users.count, users.lines) == (Outcome.COLLECTED, 40, 45)


def test_a_listing_that_ends_early_is_read_again_and_then_is_a_failure(run: Run, graph: Graph) -> None:
    graph.counts = lambda count: count + 2
    manifest = run(graph)
    users = record(manifest, "users")
    assert users.outcome is Outcome.FAILED
    assert users.problem == "Microsoft counts 42 users, the listing gave 40."
    assert users.remedy
    assert users.file is None
    assert manifest.status == "complete"
    assert manifest.missing_required == ("users",)
    assert sum(path.startswith("/users?") and "manager" in path for path in graph.paths) == 2


def test_a_count_that_moves_while_reading_is_accepted_in_between(run: Run, graph: Graph) -> None:
    answers = iter([38, 41])
    graph.counts = lambda _: next(answers)
    assert (
        record(run(graph, datasets=datasets("organization", "users")), "users").outcome is Outcome.COLLECTED
    )


def datasets(*names: str) -> list[Any]:
    return [BY_NAME[name] for name in names]


def test_without_a_count_two_readings_that_agree_are_accepted_and_told(run: Run, graph: Graph) -> None:
    graph.fault = failing(NotSupported("no", status=400), where="/$count", times=99)
    users = record(run(graph, datasets=datasets("organization", "users")), "users")
    assert users.outcome is Outcome.COLLECTED
    assert "does not count" in users.notes[0]
    assert sum(path.startswith("/users?") and "manager" in path for path in graph.paths) == 2


def test_a_large_tenant_is_read_in_parts(run: Run, make_tenant: Callable[..., Graph], tmp_path: Path) -> None:
    graph = make_tenant(users=12_000)
    manifest = run(graph, parallel=4)
    filters = {path for path in graph.paths if "manager" in path}
    assert len(filters) >= 4
    assert any("not%20startswith" in path for path in filters)
    assert len(set(ids(tmp_path / "package", "users"))) == 12_000
    assert record(manifest, "users").notes == ()
    assert record(manifest, "signInActivity").count == 12_000


def test_parts_that_do_not_come_to_the_count_are_read_again_as_one_chain(
    run: Run, make_tenant: Callable[..., Graph]
) -> None:
    graph = make_tenant(users=12_000)
    normal = graph._listing

    def losing(path: str, headers: dict[str, str]) -> Any:
        found = normal(path, headers)
        return found[:-3] if "manager" in path and "$filter" in path else found

    graph._listing = losing
    users = record(run(graph), "users")
    assert users.outcome is Outcome.COLLECTED
    assert users.count == users.lines == 12_000
    assert "All were read again as one chain" in users.notes[0]


@pytest.mark.parametrize("where", ["userPrincipalName&$top", "not%20startswith", "$count?$filter"])
def test_where_parts_are_not_taken_one_chain_is_read(
    run: Run, make_tenant: Callable[..., Graph], where: str
) -> None:
    graph = make_tenant(users=12_000)
    graph.fault = failing(NotSupported("no", status=400), where=where, times=999)
    users = record(run(graph), "users")
    assert (users.outcome, users.count, users.lines) == (Outcome.COLLECTED, 12_000, 12_000)


def test_groups_are_read_without_the_filter_where_it_is_refused(
    run: Run, graph: Graph, tmp_path: Path
) -> None:
    graph.fault = failing(NotSupported("no", status=501), where="/groups?", times=1)
    groups = record(run(graph), "groups")
    assert (groups.outcome, groups.count) == (Outcome.COLLECTED, 3)
    assert "everything was read instead" in groups.notes[0]
    assert all(
        json.loads(line)["assignedLicenses"]
        for line in (tmp_path / "package/groups.ndjson").read_text().splitlines()
    )


def test_enterprise_applications_are_told_by_their_tag_where_the_filter_is_refused(
    run: Run, graph: Graph
) -> None:
    graph.fault = failing(NotSupported("no", status=400), where="/servicePrincipals?", times=1)
    assert record(run(graph), "servicePrincipals").count == 3


def test_assignments_are_read_without_a_count_where_it_is_refused(run: Run, graph: Graph) -> None:
    def fault(_: Graph, path: str, __: int) -> None:
        if "appRoleAssignedTo" in path and "$count" in path:
            raise NotSupported("no", status=400)

    graph.fault = fault
    assert record(run(graph), "appRoleAssignedTo").count == 15


def test_an_application_deleted_meanwhile_is_told(run: Run, graph: Graph) -> None:
    graph.roles.pop(next(iter(graph.roles)))
    roles = record(run(graph), "appRoleAssignedTo")
    assert (roles.outcome, roles.count, roles.notes) == (
        Outcome.COLLECTED,
        10,
        ("1 were deleted while they were read.",),
    )


def test_assignments_share_the_fate_of_the_applications(run: Run, graph: Graph) -> None:
    graph.fault = failing(ServiceUnavailable("gone", status=503), where="/servicePrincipals", times=99)
    manifest = run(graph)
    assert record(manifest, "servicePrincipals").outcome is Outcome.FAILED
    assert record(manifest, "appRoleAssignedTo").outcome is Outcome.FAILED
    assert "servicePrincipals could not be read" in record(manifest, "appRoleAssignedTo").problem


def test_a_chain_whose_token_expires_begins_again(run: Run, graph: Graph, tmp_path: Path) -> None:
    graph.page_size = 10
    graph.fault = failing(PageTokenExpired("late", status=410), where="manager", after=2, times=2)
    users = record(run(graph), "users")
    assert (users.outcome, users.count) == (Outcome.COLLECTED, 40)
    assert users.lines > 40
    assert len(set(ids(tmp_path / "package", "users"))) == 40


@pytest.mark.parametrize(
    ("error", "times"), [(PageTokenExpired("late", status=410), 4), (RepeatingNextLink("again"), 2)]
)
def test_a_chain_that_keeps_breaking_is_a_failure(
    run: Run, graph: Graph, error: Exception, times: int
) -> None:
    graph.fault = failing(error, where="manager", times=99)
    manifest = run(graph)
    assert record(manifest, "users").outcome is Outcome.FAILED
    assert sum("manager" in path for path in graph.paths) == times
    assert record(manifest, "subscribedSkus").outcome is Outcome.COLLECTED


def test_a_denied_dataset_names_permission_role_and_what_to_do(run: Run, graph: Graph) -> None:
    graph.fault = failing(
        PermissionDenied("no", status=403, code="S2SUnauthorized"), where="/reports/", times=99
    )
    manifest = run(graph)
    denied = record(manifest, "activeUsers")
    assert denied.outcome is Outcome.DENIED
    assert denied.permission == "Reports.Read.All"
    assert "Reports Reader" in denied.remedy
    assert denied in manifest.problems
    assert manifest.missing_required == ()


def test_what_needs_more_than_was_asked_for_is_denied_without_a_problem_and_asked_once(
    run: Run, make_tenant: Callable[..., Graph]
) -> None:
    graph = make_tenant(users=12_000)
    graph.fault = failing(PermissionDenied("no", status=403), where="signInActivity", times=99)
    manifest = run(graph)
    assert record(manifest, "signInActivity").outcome is Outcome.DENIED
    assert manifest.problems == ()
    assert sum("signInActivity" in path for path in graph.paths) == 1


def test_a_tenant_without_premium_has_no_sign_in_activity(run: Run, graph: Graph) -> None:
    graph.fault = failing(PremiumRequired("no", status=403), where="signInActivity", times=99)
    assert record(run(graph), "signInActivity").outcome is Outcome.UNAVAILABLE


def test_in_a_national_cloud_no_report_is_asked_for(run: Run, graph: Graph) -> None:
    manifest = run(graph, cloud=CLOUDS["china"])
    assert record(manifest, "activeUsers").outcome is Outcome.UNAVAILABLE
    assert "do not exist in this cloud" in record(manifest, "activeUsers").problem
    assert record(manifest, "users").outcome is Outcome.COLLECTED
    assert not any("reports" in path.lower() for path in graph.paths)


def test_concealed_names_are_recognised_and_not_kept(
    run: Run, graph: Graph, make_report: Callable[..., bytes], tmp_path: Path
) -> None:
    path = next(path for path in graph.reports if "ActiveUserDetail" in path)
    graph.reports[path] = make_report("activeUsers", who="0123456789ABCDEF0123456789ABCDE{}")
    concealed = record(run(graph), "activeUsers")
    assert concealed.outcome is Outcome.CONCEALED
    assert "Settings > Org settings > Services > Reports" in concealed.remedy
    assert concealed.count == 3
    assert concealed.file is None
    assert not (tmp_path / "package/activeUsers.csv").exists()


def test_an_empty_report_is_collected_and_told(
    run: Run, graph: Graph, make_report: Callable[..., bytes]
) -> None:
    path = next(path for path in graph.reports if "ActiveUserDetail" in path)
    graph.reports[path] = make_report("activeUsers", rows=0)
    empty = record(run(graph), "activeUsers")
    assert (empty.outcome, empty.count) == (Outcome.COLLECTED, 0)
    assert empty.notes == ("The report came empty: usage stays unknown.",)


@pytest.mark.parametrize("body", [b"", b"<html>sign in</html>", b'{"value":[]}', b"\xff\xfe\x00"])
def test_what_is_no_report_is_fetched_twice_and_then_a_failure(run: Run, graph: Graph, body: bytes) -> None:
    path = next(path for path in graph.reports if "ActiveUserDetail" in path)
    graph.reports[path] = body
    failed = record(run(graph), "activeUsers")
    assert failed.outcome is Outcome.FAILED
    assert failed.remedy
    assert graph.paths.count(path) == 2


@pytest.mark.parametrize("error", [Cancelled("stop"), SignInError("no"), Unauthorized("no", status=401)])
def test_what_ends_the_run_leaves_a_package_that_can_be_resumed(
    run: Run, graph: Graph, tmp_path: Path, error: Exception
) -> None:
    graph.fault = failing(error, where="manager")
    with pytest.raises(type(error)):
        run(graph)
    manifest = open_package(tmp_path / "package").manifest
    assert manifest.status == "collecting"
    assert manifest.dataset("users") is None
    assert not list((tmp_path / "package").glob("*.part"))
    before = {each.name for each in manifest.datasets if each.outcome is Outcome.COLLECTED}
    graph.paths.clear()
    resumed = run(graph, resume=True)
    assert {each.outcome for each in resumed.datasets} == {Outcome.COLLECTED}
    assert resumed.requests > manifest.requests
    asked = {path.split("?")[0] for path in graph.paths}
    assert not before & {"subscribedSkus"} or "/subscribedSkus" not in asked
    open_package(tmp_path / "package").verify()


def test_somebody_may_stop_it_at_any_page(run: Run, graph: Graph, tmp_path: Path) -> None:
    def stop() -> None:
        if len(graph.paths) > 8:
            raise Cancelled("Stopped")

    graph.page_size = 3
    with pytest.raises(Cancelled):
        run(graph, check_cancelled=stop)
    assert open_package(tmp_path / "package").manifest.status == "collecting"


def test_a_full_disk_ends_the_run_and_names_the_folder(
    run: Run, graph: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write
    left = [3000]

    def write(descriptor: int, data: bytes) -> int:
        left[0] -= len(data)
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    monkeypatch.setattr("seatbeacon.collection.package.files.os.write", write)
    with pytest.raises(DiskFull, match="package could not be written") as caught:
        run(graph)
    assert "Free space" in caught.value.remedy
    assert open_package(tmp_path / "package").manifest.status == "collecting"
    monkeypatch.undo()
    assert {each.outcome for each in run(graph, resume=True).datasets} == {Outcome.COLLECTED}


def test_a_resumed_package_reads_what_is_damaged_again(run: Run, graph: Graph, tmp_path: Path) -> None:
    run(graph)
    (tmp_path / "package/subscribedSkus.ndjson").write_text("{}\n")
    graph.paths.clear()
    run(graph, resume=True)
    assert {path.split("?")[0] for path in graph.paths} == {"/organization", "/subscribedSkus"}
    open_package(tmp_path / "package").verify()


def test_a_complete_package_is_left_as_it_is(run: Run, graph: Graph) -> None:
    manifest = run(graph)
    graph.paths.clear()
    assert run(graph, resume=True) == manifest
    assert graph.paths == []
    with pytest.raises(ForeignTenant):
        run(graph, resume=True, expected_tenant="9999")


def test_a_package_of_another_tenant_or_connection_is_not_resumed(run: Run, graph: Graph) -> None:
    graph.fault = failing(Cancelled("stop"), where="manager")
    with pytest.raises(Cancelled):
        run(graph)
    with pytest.raises(PackageError, match="begun for connection 'Contoso'"):
        run(graph, resume=True, connection="Fabrikam")
    graph.tenant = "99999999-2222-3333-4444-555555555555"
    with pytest.raises(ForeignTenant, match="Collect into another folder"):
        run(graph, resume=True)


def test_a_folder_that_holds_anything_is_not_written_into(run: Run, graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    for resume in (False, True):
        with pytest.raises(FolderInUse, match=r"holiday\.jpg"):
            run(graph, folder=tmp_path, resume=resume)
    run(graph)
    with pytest.raises(FolderInUse, match="already holds a package"):
        run(graph)


def test_a_report_without_an_end_is_believed_only_if_it_comes_so_twice(
    run: Run, graph: Graph, make_report: Callable[..., bytes]
) -> None:
    path = next(path for path in graph.reports if "ActiveUserDetail" in path)
    whole = make_report("activeUsers", rows=9)
    graph.reports[path] = whole.rstrip()
    twice = record(run(graph), "activeUsers")
    assert (twice.outcome, twice.count) == (Outcome.COLLECTED, 9)
    assert "no end" in twice.notes[-1]
    assert graph.paths.count(path) == 2


def test_a_report_cut_once_is_fetched_again(
    run: Run, graph: Graph, make_report: Callable[..., bytes], tmp_path: Path
) -> None:
    path = next(path for path in graph.reports if "ActiveUserDetail" in path)
    whole = make_report("activeUsers", rows=9)
    graph.reports[path] = whole.rstrip()

    def mend(graph: Graph, asked: str, _: int) -> None:
        if graph.paths.count(asked) == 2:
            graph.reports[asked] = whole

    graph.fault = mend
    assert record(run(graph), "activeUsers").notes == ()
    assert (tmp_path / "package/activeUsers.csv").read_bytes() == whole


def test_products_that_graph_does_not_count_are_read_until_two_readings_agree(run: Run, graph: Graph) -> None:
    normal = graph._listing
    readings = []

    def early(path: str, headers: dict[str, str]) -> Any:
        found = normal(path, headers)
        if "subscribedSkus" in path:
            readings.append(path)
            return [] if len(readings) == 1 else found
        return found

    graph._listing = early
    skus = record(run(graph), "subscribedSkus")
    assert (skus.outcome, skus.count, skus.lines, len(readings)) == (Outcome.COLLECTED, 1, 1, 3)


def test_users_that_graph_does_not_count_are_read_until_two_readings_agree(run: Run, graph: Graph) -> None:
    graph.fault = failing(NotSupported("no", status=400), where="/$count", times=99)
    normal = graph._listing
    readings = []

    def early(path: str, headers: dict[str, str]) -> Any:
        found = normal(path, headers)
        if path.startswith("/users?") and "manager" in path:
            readings.append(path)
            return found[:30] if len(readings) == 1 else found
        return found

    graph._listing = early
    users = record(run(graph, datasets=datasets("organization", "users")), "users")
    assert (users.outcome, users.count, len(readings)) == (Outcome.COLLECTED, 40, 3)


def test_a_listing_that_differs_each_time_is_a_failure(run: Run, graph: Graph) -> None:
    normal = graph._listing
    readings = []

    def growing(path: str, headers: dict[str, str]) -> Any:
        if "subscribedSkus" not in path:
            return normal(path, headers)
        readings.append(path)
        return [{"id": str(number)} for number in range(len(readings))]

    graph._listing = growing
    manifest = run(graph)
    assert record(manifest, "subscribedSkus").problem == (
        "The listing of subscribedSkus gave another number each time: 1, 2, 3, 4."
    )
    assert manifest.missing_required == ("subscribedSkus",)


def test_an_application_that_is_still_there_is_asked_again(run: Run, graph: Graph) -> None:
    graph.fault = failing(NotFound("gone", status=404), where="/appRoleAssignedTo")
    roles = record(run(graph), "appRoleAssignedTo")
    assert (roles.outcome, roles.count, roles.notes) == (Outcome.COLLECTED, 15, ())


def test_an_application_that_is_there_without_its_assignments_makes_no_collected_dataset(
    run: Run, graph: Graph
) -> None:
    graph.fault = failing(NotFound("gone", status=404), where="/appRoleAssignedTo", times=99)
    assert record(run(graph), "appRoleAssignedTo").outcome is Outcome.UNAVAILABLE
