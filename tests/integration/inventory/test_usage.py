from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from seatbeacon.collection.package.manifest import DatasetRecord, Outcome


def day(kit: Any, back: int) -> date:
    """`back` days before the reports' refresh date."""
    refresh: date = kit.refresh
    return refresh - timedelta(days=back)


def test_exact_dates_come_from_the_latest_of_all_reports(make: Any, kit: Any) -> None:
    version = make.version(
        [kit.user(1)],
        activeUsers=kit.active_users({"user1@contoso.example": f"{day(kit, 9)}"}),
        emailActivity=kit.activity({"USER1@CONTOSO.EXAMPLE": f"{day(kit, 4)}"}),
        vivaEngageActivity=kit.activity({"user1@contoso.example": f"{day(kit, 40)}"}),
    )
    found = kit.rows(version, "usage", "application", "platform", "last_activity_date", "report_refresh_date")
    assert [tuple(row.values()) for row in found] == [
        ("Exchange", "All", day(kit, 4), kit.refresh),
        ("Viva Engage", "All", day(kit, 40), kit.refresh),
    ]
    assert kit.rows(version, "users", "last_activity_date") == [day(kit, 4)]


def test_active_in_n_days_ends_with_the_reports_own_refresh_date(make: Any, kit: Any) -> None:
    backs = (0, 6, 7, 29, 30, 89, 90, 179, 180)
    report = kit.activity({f"user{back}@contoso.example": f"{day(kit, back)}" for back in backs})
    version = make.version(
        [kit.user(back, **kit.holding(kit.e3)) for back in (*backs, 999)],
        skus=[kit.sku()],
        emailActivity=report,
    )
    [row] = kit.rows(
        version, "applications", "active_7", "active_30", "active_90", "active_180", "never_active",
        "entitled_users",
        filters=["application=Exchange"],
    )  # fmt: skip
    assert tuple(row.values()) == (2, 4, 6, 8, 1, 10)


def test_the_app_report_tells_the_shortest_period_that_says_yes(make: Any, kit: Any) -> None:
    name = "user1@contoso.example"
    version = make.version(
        [kit.user(1)],
        appUsageD7=kit.app_usage(7, {name: "Word,Word (Windows)"}),
        appUsageD30=kit.app_usage(30, {name: "Word,Word (Windows),Word (Web),Excel"}),
        appUsageD90=kit.app_usage(90, {name: "Word,Word (Windows),Word (Web),Excel,Teams,Teams (Mac)"}),
    )
    found = kit.rows(version, "usage", "application", "platform", "active_within_days", "active_since")
    assert [tuple(row.values()) for row in found] == [
        ("Excel", "All", 30, day(kit, 29)),
        ("Teams", "Mac", 90, day(kit, 89)),
        ("Word", "All", 7, day(kit, 6)),
        ("Word", "Web", 30, day(kit, 29)),
        ("Word", "Windows", 7, day(kit, 6)),
    ]
    shown = kit.rows(version, "applications", "application", "active_7", "active_30", filters=["kind=app"])
    counts = {row["application"]: (row["active_7"], row["active_30"]) for row in shown}
    assert counts["Word"] == (1, 1)
    assert counts["Excel"] == (0, 1)
    assert counts["OneNote"] == (0, 0)


def test_teams_devices_and_the_app_report_agree_on_one_row_per_platform(make: Any, kit: Any) -> None:
    header = "Report Refresh Date,User Id,User Principal Name,Used Web,Used  Chrome OS,Used iOS,Used Windows"
    version = make.version(
        [kit.user(1)],
        teamsDevices=kit.report(header, f"{kit.refresh},x,user1@contoso.example,Yes,Yes,No,Yes"),
        appUsageD7=kit.app_usage(7, {"user1@contoso.example": "Teams (Windows)"}),
    )
    found = kit.rows(version, "usage", "platform", "active_within_days")
    assert [tuple(row.values()) for row in found] == [("ChromeOS", 180), ("Web", 180), ("Windows", 7)]


def test_copilot_is_the_latest_of_its_dates_and_keeps_them(make: Any, kit: Any) -> None:
    header = "Report Refresh Date,User Principal Name,Last Activity Date,Word Copilot Last Activity Date"
    version = make.version(
        [kit.user(1)],
        copilotUsage=kit.report(header, f"{kit.refresh},user1@contoso.example,{day(kit, 9)},{day(kit, 3)}"),
    )
    assert kit.rows(version, "usage", "application", "last_activity_date") == [
        {"application": "Copilot", "last_activity_date": day(kit, 3)}
    ]
    assert kit.sql(version, "SELECT word_date FROM copilot_usage") == [(day(kit, 3),)]


def test_applications_without_a_report_are_unknown_not_inactive(make: Any, kit: Any) -> None:
    version = make.version([kit.user(1, **kit.holding(kit.e3))], skus=[kit.sku()])
    [row] = kit.rows(
        version, "applications", "entitled_users", "active_90", "never_active", filters=["id=Teams"]
    )
    assert tuple(row.values()) == (1, None, None)


def test_a_plan_that_is_switched_off_entitles_to_nothing(make: Any, kit: Any) -> None:
    users = [
        kit.user(1, **kit.holding(kit.e3, disabled=[kit.teams_plan])),
        kit.user(2, **kit.holding(kit.e3)),
    ]
    version = make.version(users, skus=[kit.sku()])
    found = kit.rows(version, "applications", "application", "entitled_users", filters=["entitled_users>0"])
    counts = {row["application"]: row["entitled_users"] for row in found}
    assert counts == {"Exchange": 2, "Outlook": 2, "Teams": 1}


def test_the_catalog_tells_the_plans_of_a_product_nobody_bought(make: Any, kit: Any) -> None:
    version = make.version([kit.user(1, **kit.holding(kit.visio))])
    assert kit.rows(version, "applications", "entitled_users", filters=["application=Visio"]) == [1]


def test_known_activity_outlives_the_report_that_told_it(make: Any, kit: Any) -> None:
    name = "user1@contoso.example"
    make.version([kit.user(1)], emailActivity=kit.activity({name: f"{day(kit, 170)}"}))
    later = kit.refresh + timedelta(days=100)
    version = make.version([kit.user(1), kit.user(2)], emailActivity=kit.activity({name: ""}, later))
    assert kit.rows(version, "usage", "last_activity_date") == [day(kit, 170)]
    [row] = kit.rows(version, "applications", "active_180", "never_active", filters=["application=Exchange"])
    assert row == {"active_180": 0, "never_active": 0}


def test_usage_goes_to_history_once_a_month_and_when_someone_leaves(make: Any, kit: Any) -> None:
    names = ("user1@contoso.example", "user2@contoso.example")
    users = [kit.user(n) for n in range(1, 11)]

    def told(when: date) -> bytes:
        return bytes(kit.activity(dict.fromkeys(names, f"{when}"), when))

    make.version(users, emailActivity=told(date(2026, 7, 1)))
    version = make.version(users, emailActivity=told(date(2026, 7, 20)))
    assert kit.sql(version, "FROM usage_history") == []
    version = make.version(users, emailActivity=told(date(2026, 8, 2)))
    past = kit.sql(version, "SELECT DISTINCT last_activity_date FROM usage_history")
    assert past == [(date(2026, 7, 20),)]
    version = make.version(users[1:], emailActivity=told(date(2026, 8, 3)))
    assert kit.rows(version, "usage", "user_id") == ["id-2"]
    assert len(kit.sql(version, "FROM usage_history")) == 3


def test_an_older_report_is_left_out_and_told(make: Any, kit: Any) -> None:
    name = "user1@contoso.example"
    make.version([kit.user(1)], emailActivity=kit.activity({name: f"{day(kit, 1)}"}))
    earlier = kit.refresh - timedelta(days=5)
    version = make.version([kit.user(1)], emailActivity=kit.activity({name: f"{earlier}"}, earlier))
    assert kit.rows(version, "usage", "last_activity_date") == [day(kit, 1)]
    assert any("older" in note for note in make.results[-1].notes)


def test_what_was_not_collected_keeps_its_last_good_data_and_date(make: Any, kit: Any) -> None:
    name = "user1@contoso.example"
    users = [kit.user(1, **kit.holding(kit.e3))]
    report = kit.active_users({name: f"{day(kit, 1)}"})
    make.version(users, skus=[kit.sku()], activeUsers=report)
    denied = DatasetRecord(
        name="activeUsers", outcome=Outcome.DENIED, problem="Invalid permission.", permission="Reports Reader"
    )
    version = make.take(make.package(users, skus=[kit.sku()], outcomes={"activeUsers": denied}))
    assert kit.rows(version, "licenses", "active_90") == [1]
    [state] = kit.sql(
        version, "SELECT outcome, permission, refresh_date FROM dataset_state WHERE dataset = 'activeUsers'"
    )
    assert state == ("denied", "Reports Reader", kit.refresh)


def test_an_empty_report_changes_nothing(make: Any, kit: Any) -> None:
    users = [kit.user(1, **kit.holding(kit.e3))]
    make.version(
        users, skus=[kit.sku()], activeUsers=kit.active_users({"user1@contoso.example": f"{day(kit, 1)}"})
    )
    version = make.version(users, skus=[kit.sku()], activeUsers=kit.active_users({}))
    assert kit.rows(version, "licenses", "active_90") == [1]
    only_empty = make.take(
        make.package(users, skus=[kit.sku()], activeUsers=kit.active_users({})), previous=None
    )
    assert only_empty.exists()


def test_a_report_read_again_finds_those_who_came_since(make: Any, kit: Any) -> None:
    report = kit.activity({f"user{n}@contoso.example": f"{day(kit, n)}" for n in range(10)})
    make.version([kit.user(n) for n in range(9)], emailActivity=report)
    assert any("1 of 10 in emailActivity" in note for note in make.results[-1].notes)
    version = make.version([kit.user(n) for n in range(10)], emailActivity=report)
    assert len(kit.rows(version, "usage", "user_id")) == 10
    assert kit.sql(version, "SELECT row_count, matched, unmatched FROM report_matching") == [(10, 10, 0)]


def test_unknown_empty_and_hashed_names_never_join(make: Any, kit: Any) -> None:
    odd = [
        kit.user(1, userPrincipalName=None),
        kit.user(2, userPrincipalName="30B283368E548933B1D03A64A6B14A89"),
    ]
    names = {"(Unknown)": "2026-07-01", "": "2026-07-01", "30B283368E548933B1D03A64A6B14A89": "2026-07-01"}
    version = make.version(odd, emailActivity=kit.activity(names))
    assert kit.rows(version, "usage", "user_id") == []
    assert kit.sql(version, "SELECT row_count, matched, unmatched FROM report_matching") == [(3, 0, 3)]


def test_sizes_of_mailboxes_and_drives_and_activations_are_kept(make: Any, kit: Any) -> None:
    who = "user1@contoso.example"
    version = make.version(
        [kit.user(1)],
        mailboxUsage=kit.report(
            "Report Refresh Date,User Principal Name,Is Deleted,Last Activity Date,Item Count,"
            "Storage Used (Byte)",
            f"{kit.refresh},{who},True,2026-07-02,1,2",
            f"{kit.refresh},{who},False,2026-07-01,191,5719031",
        ),
        oneDriveUsage=kit.report(
            "Report Refresh Date,Owner Principal Name,Site URL,Is Deleted,Storage Used (Byte)",
            f'{kit.refresh},{who},"https://contoso/a,b",False,104122210',
        ),
        activations=kit.report(
            "Report Refresh Date,User Principal Name,Product Type,Windows,Activated On Shared Computer",
            f"{kit.refresh},{who},MICROSOFT 365 APPS,5,False",
            f"{kit.refresh},{who},VISIO,1,True",
        ),
    )
    assert kit.sql(version, "SELECT items, bytes_used FROM mailboxes") == [(191, 5719031)]
    assert kit.sql(version, "SELECT site_url, bytes_used FROM onedrives") == [
        ("https://contoso/a,b", 104122210)
    ]
    found = kit.sql(version, "SELECT product, windows, shared_computer FROM activations ORDER BY ALL")
    assert found == [("MICROSOFT 365 APPS", 5, False), ("VISIO", 1, True)]


def test_enterprise_applications_count_the_people_assigned(make: Any, kit: Any) -> None:
    def assigned(name: str, who: str, kind: str) -> dict[str, Any]:
        return {"id": name, "resourceId": "sp-1", "principalId": who, "principalType": kind}

    version = make.version(
        [kit.user(1)],
        servicePrincipals=[{"id": "sp-1", "displayName": "Expenses", "verifiedPublisher": {"displayName":
        "Fabrikam"}}],
        appRoleAssignedTo=[
            assigned("a", "id-1", "User"), assigned("b", "id-1", "User"), assigned("c", "g-1", "Group")
        ],
    )  # fmt: skip
    [row] = kit.rows(
        version, "applications", "application", "publisher", "entitled_users", "active_90",
        filters=["kind=enterprise application"],
    )  # fmt: skip
    assert tuple(row.values()) == ("Expenses", "Fabrikam", 1, None)


def test_sign_ins_before_time_began_are_none(make: Any, kit: Any) -> None:
    seen = {
        "lastSignInDateTime": "2026-07-01T08:00:00Z",
        "lastNonInteractiveSignInDateTime": "0001-01-01T00:00:00Z",
    }
    version = make.version([kit.user(1)], signInActivity=[{"id": "id-1", "signInActivity": seen}])
    [(last, quiet)] = kit.sql(
        version, "SELECT last_sign_in_at, last_non_interactive_sign_in_at FROM sign_ins"
    )
    assert last.date() == date(2026, 7, 1)
    assert quiet is None
