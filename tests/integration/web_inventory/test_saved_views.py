"""Saved views: one's own, shared ones, and the one that a list opens with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from seatbeacon.beacon.models import AuditEntry
from seatbeacon.web.accounts.roles import Role
from seatbeacon.web.pages.inventory.models import SavedView, StandardView

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

QUERY = "f=department=Sales&sort=-last_activity_date"


@pytest.fixture
def operator(sign_in: Callable[[Role], Client]) -> Client:
    return sign_in(Role.OPERATOR)


def save(client: Client, name: str = "Sales", query: str = QUERY, **fields: str) -> SavedView:
    client.post("/inventory/users/views/save/", {"name": name, "query": query, **fields})
    return SavedView.objects.get(name=name)


def test_a_viewer_saves_what_the_page_shows_and_finds_it_again(viewer: Client, see: Any) -> None:
    view = save(viewer, query=f"{QUERY}&page=3&tenant=x")
    assert view.query == QUERY
    assert see(viewer, "/users/").links("Sales") == [f"/users/?{QUERY}"]
    assert AuditEntry.objects.filter(action__startswith="view.").count() == 0


def test_a_view_is_its_owners_alone_until_it_is_shared(viewer: Client, operator: Client, see: Any) -> None:
    mine = save(operator)
    assert see(viewer, "/users/").links("Sales") == []
    assert viewer.post(f"/inventory/views/{mine.pk}/delete/").status_code == 404
    operator.post(f"/inventory/views/{mine.pk}/change/", {"name": "Sales team", "shared": "yes"})
    assert see(viewer, "/users/").links("Sales team") == [f"/users/?{QUERY}"]
    assert [entry.action for entry in AuditEntry.objects.filter(target="Sales team")] == ["view.shared"]


def test_a_viewer_shares_nothing_and_changes_nothing_that_is_shared(
    viewer: Client, operator: Client, see: Any
) -> None:
    viewer.post("/inventory/users/views/save/", {"name": "Mine", "query": QUERY, "shared": "yes"})
    assert not SavedView.objects.exists()
    assert "Sharing a view needs the role Operator" in see(viewer, "/users/").words
    shared = save(operator, shared="yes")
    viewer.post(f"/inventory/views/{shared.pk}/change/", {"name": "Taken over"})
    viewer.post(f"/inventory/views/{shared.pk}/delete/")
    shared.refresh_from_db()
    assert (shared.name, shared.shared) == ("Sales", True)


def test_an_administrator_deletes_what_is_shared_and_the_log_says_so(
    administrator: Client, operator: Client
) -> None:
    shared = save(operator, shared="yes")
    administrator.post(f"/inventory/views/{shared.pk}/delete/")
    assert not SavedView.objects.exists()
    assert AuditEntry.objects.filter(action="view.deleted", target="Sales").count() == 1


def test_a_view_of_the_same_name_is_replaced_when_that_is_ticked(viewer: Client, see: Any) -> None:
    first = save(viewer)
    viewer.post("/inventory/users/views/save/", {"name": "sales", "query": "q=ada"})
    first.refresh_from_db()
    assert first.query == QUERY
    assert "You have a view called “Sales”" in see(viewer, "/users/").words
    viewer.post("/inventory/users/views/save/", {"name": "sales", "query": "q=ada", "replace": "yes"})
    first.refresh_from_db()
    assert first.query == "q=ada"


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name_that_fits(name: str, viewer: Client) -> None:
    viewer.post("/inventory/users/views/save/", {"name": name, "query": QUERY})
    assert not SavedView.objects.exists()


def test_a_list_opens_with_the_view_that_a_person_chose(viewer: Client, operator: Client, see: Any) -> None:
    view = save(operator, shared="yes")
    viewer.post("/inventory/users/views/standard/", {"view": str(view.pk)})
    assert viewer.get("/users/")["Location"] == f"/users/?{QUERY}"
    assert operator.get("/users/").status_code == 200
    # The plain list can be reached all the same, and its links stay with it.
    plain = see(viewer, "/users/?view=standard")
    assert "120 users" in plain.words
    narrowed = see(viewer, f"/users/?{QUERY}")
    assert narrowed.links("Remove the filter Department is Sales") == ["?sort=-last_activity_date"]
    assert viewer.get("/users/?form=search&q=")["Location"] == "/users/?view=standard"
    viewer.post("/inventory/users/views/standard/", {"view": ""})
    assert viewer.get("/users/").status_code == 200


def test_a_view_that_is_no_longer_shared_no_longer_opens_the_lists_of_others(
    viewer: Client, operator: Client
) -> None:
    view = save(operator, shared="yes")
    viewer.post("/inventory/users/views/standard/", {"view": str(view.pk)})
    operator.post(f"/inventory/views/{view.pk}/change/", {"name": view.name})
    assert viewer.get("/users/").status_code == 200
    operator.post(f"/inventory/views/{view.pk}/delete/")
    assert not StandardView.objects.exists()


def test_names_of_views_are_escaped(viewer: Client, see: Any) -> None:
    save(viewer, name="<b>bold</b>")
    for address in ("/users/", "/inventory/users/views/"):
        text = see(viewer, address).text
        assert "<b>bold</b>" not in text
        assert "&lt;b&gt;bold&lt;/b&gt;" in text


def test_managing_shows_the_views_that_a_person_sees(viewer: Client, operator: Client, see: Any) -> None:
    save(operator, name="Shared one", shared="yes")
    save(operator, name="Hidden one")
    save(viewer, name="My own")
    page = see(viewer, "/inventory/users/views/")
    assert "Shared one" in page.words
    assert "My own" in page.words
    assert "Hidden one" not in page.words
    assert page.text.count("Delete the view “") == 1
