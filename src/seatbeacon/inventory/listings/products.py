"""What belongs to products: service plans, subscriptions, and the groups that assign them."""

from __future__ import annotations

from seatbeacon.inventory.listings import past
from seatbeacon.inventory.listings.assignments import LICENSE, PRODUCT
from seatbeacon.inventory.listings.declaration import UNKNOWN, Column, Join, Listing
from seatbeacon.inventory.listings.flat import flat

SERVICE_PLANS = Listing(
    name="service-plans",
    label="Service plans",
    about="The service plans of each product.",
    source="service_plans a",
    as_of=f"{past.at('service_plans')} a",
    joins=(
        LICENSE,
        Join(
            "o",
            "LEFT JOIN (SELECT sku_id, plan_id, sum(users)::BIGINT AS users FROM (SELECT s.sku_id, "
            "unnest(s.disabled_plans) AS plan_id, c.users FROM license_sets s JOIN (SELECT set_no, "
            "count(*) AS users FROM users GROUP BY set_no) c USING (set_no)) GROUP BY ALL) o "
            "ON o.sku_id = a.sku_id AND o.plan_id = a.plan_id",
        ),
    ),
    columns=(
        *PRODUCT,
        Column("plan_id", "Plan id", sql="a.plan_id", default_visible=False),
        Column("plan_name", "Service plan", sql="a.plan_name", groupable=True),
        Column("provisioning_status", "Provisioning", sql="a.provisioning_status", groupable=True),
        Column("applies_to", "For", sql="a.applies_to", default_visible=False, groupable=True),
        Column(
            "switched_off_users",
            "Switched off for",
            "number",
            sql="coalesce(o.users, 0)",
            as_of=UNKNOWN,
            about="Holders of the product for whom the plan is switched off.",
        ),
    ),
    search=("sku_part_number", "product_name", "plan_name"),
    default_sort=("product_name", "plan_name"),
    keys=("sku_id", "plan_id"),
)

SUBSCRIPTIONS = Listing(
    name="subscriptions",
    label="Subscriptions",
    about="What was bought, when its term changes, and how many seats it brings.",
    source="subscriptions a",
    as_of=f"{past.at('subscriptions')} a",
    joins=(LICENSE,),
    columns=(
        Column("id", "Id", sql="a.id", default_visible=False),
        *PRODUCT,
        Column("total_licenses", "Seats", "number", sql="a.total_licenses", summed=True),
        Column("status", "Status", sql="a.status", groupable=True),
        Column("is_trial", "Trial", "boolean", sql="a.is_trial", groupable=True),
        Column("created_at", "Since", "time", sql="a.created_at"),
        Column(
            "next_lifecycle_at",
            "Renewal",
            "time",
            sql="a.next_lifecycle_at",
            about="When the subscription changes its state if nobody renews it.",
        ),
        Column(
            "commerce_subscription_id",
            "Commerce id",
            sql="a.commerce_subscription_id",
            default_visible=False,
        ),
    ),
    search=("sku_part_number", "product_name", "status"),
    default_sort=("next_lifecycle_at", "product_name"),
    keys=("id",),
)


def _members(assignments: str) -> str:
    return (
        "LEFT JOIN (SELECT group_id, count(DISTINCT user_no) AS users, "
        "count(DISTINCT user_no) FILTER (error IS NOT NULL) AS users_in_error "
        f"FROM {assignments} WHERE group_id IS NOT NULL GROUP BY group_id) c ON c.group_id = a.id"
    )


def _products(names: str) -> str:
    return (
        "LEFT JOIN (SELECT id, list_sort(list(coalesce(sku_part_number, sku_id))) AS licenses FROM "
        f"(SELECT id, unnest(sku_ids) AS sku_id FROM license_groups) LEFT JOIN {names} USING (sku_id) "
        "GROUP BY id) p ON p.id = a.id"
    )


_GROUPS = Listing(
    name="groups",
    label="Groups that assign licenses",
    about="Groups that assign licenses, and how many users hold one through them.",
    source="license_groups a",
    as_of=f"{past.at('license_groups')} a",
    joins=(
        Join("c", _members("assignments"), as_of=_members(past.at("assignments"))),
        Join(
            "p",
            _products("license_summary"),
            as_of=_products("product_names").replace("license_groups", past.at("license_groups")),
        ),
    ),
    columns=(
        Column("id", "Id", sql="a.id", default_visible=False),
        Column("display_name", "Group", sql="a.display_name", role="group", target="id"),
        Column("licenses", "Licenses", "texts", sql="coalesce(p.licenses, [])", groupable=True),
        Column("users", "Users", "number", sql="coalesce(c.users, 0)"),
        Column("users_in_error", "In error", "number", sql="coalesce(c.users_in_error, 0)"),
        Column("processing_state", "Processing", sql="a.processing_state", groupable=True),
        Column("group_types", "Types", "texts", sql="a.group_types", default_visible=False, groupable=True),
        Column("security_enabled", "Security", "boolean", sql="a.security_enabled", default_visible=False),
        Column("mail_enabled", "Mail", "boolean", sql="a.mail_enabled", default_visible=False),
        Column("membership_rule", "Membership rule", sql="a.membership_rule", default_visible=False),
    ),
    search=("display_name", "membership_rule"),
    default_sort=("display_name",),
    keys=("id",),
)
GROUPS = flat(_GROUPS)
