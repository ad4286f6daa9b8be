-- What is known of every seat, whatever thresholds are: made once per version, then asked often.
-- The version is attached as inv. A seat is one product held by one user.

-- :name tenant
SELECT max(value) FILTER (key = 'tenant_id'), max(value) FILTER (key = 'tenant_name') FROM inv.meta

-- :name last_import
SELECT import_no, imported_at FROM inv.imports ORDER BY import_no DESC LIMIT 1

-- :name dataset_states
SELECT dataset, outcome, refresh_date, collected_at::DATE, problem, remedy FROM inv.dataset_state

-- :name licenses
SELECT l.sku_id, l.sku_part_number, l.product_name, l.renewal_date, l.purchased, l.assigned,
    coalesce(t.trial, FALSE) AS trial
FROM inv.license_summary l LEFT JOIN (
    SELECT sku_id, bool_and(coalesce(is_trial, FALSE)) AS trial FROM inv.subscriptions
    WHERE status IN ('Enabled', 'Warning') GROUP BY sku_id
) t USING (sku_id)
WHERE coalesce(l.applies_to, 'User') = 'User' OR l.assigned > 0
ORDER BY l.sku_id

-- :name service_plans
SELECT sku_id, plan_id, upper(plan_name), coalesce(applies_to, '') = 'Company' FROM inv.service_plans

-- :name sets
SELECT set_no, sku_id, coalesce(disabled_plans, []) FROM inv.license_sets
WHERE set_no IN (SELECT set_no FROM inv.users) ORDER BY set_no, sku_id

-- :name application_slots
SELECT application, slot FROM inv.slots WHERE bit <> 0

-- :name platform_slots
SELECT slot, platform FROM inv.slots
WHERE application IN ('Outlook', 'Word', 'Excel', 'PowerPoint', 'OneNote') AND platform IN ('Windows', 'Mac', 'Mobile', 'Web')

-- :name dimensions
CREATE TABLE facts (imported_on DATE, signed_in_until DATE);
CREATE TABLE products (
    sku_no SMALLINT, sku_id VARCHAR, part_number VARCHAR, sku_part_number VARCHAR, product_name VARCHAR,
    family VARCHAR, role VARCHAR, paid BOOLEAN, renewal_date DATE, purchased BIGINT, assigned BIGINT
);
CREATE TABLE set_items (
    set_no INTEGER, place TINYINT, sku_no SMALLINT, app_bits BIGINT, known BOOLEAN, told_on DATE, reports VARCHAR[]
)

-- :name add_facts
INSERT INTO facts VALUES ($imported_on, $signed_in_until)

-- :name add_products
INSERT INTO products
SELECT unnest(r) FROM (SELECT unnest(from_json($rows, '[{"sku_no": "SMALLINT", "sku_id": "VARCHAR", "part_number": "VARCHAR",
    "sku_part_number": "VARCHAR", "product_name": "VARCHAR", "family": "VARCHAR", "role": "VARCHAR", "paid": "BOOLEAN",
    "renewal_date": "DATE", "purchased": "BIGINT", "assigned": "BIGINT"}]')) AS r)

-- :name add_set_items
INSERT INTO set_items
SELECT unnest(r) FROM (SELECT unnest(from_json($rows, '[{"set_no": "INTEGER", "place": "TINYINT", "sku_no": "SMALLINT",
    "app_bits": "BIGINT", "known": "BOOLEAN", "told_on": "DATE", "reports": ["VARCHAR"]}]')) AS r)

-- :name used
-- The latest day on which each may have been used: exact where a report tells the day.
CREATE TEMP TABLE used AS
WITH days AS (
    SELECT user_no, slot, CASE WHEN last_activity_date IS NOT NULL THEN last_activity_date ELSE report_refresh_date
        - CASE active_within_days WHEN 30 THEN $shift30 WHEN 90 THEN $shift90 WHEN 180 THEN $shift180 ELSE 0 END END AS day
    FROM inv.usage
)
SELECT user_no, {pivot}, max(day) FILTER (slot IN ({desktop})) AS desktop_on, max(day) FILTER (slot IN ({web})) AS web_on
FROM days GROUP BY user_no

-- :name persons
CREATE TABLE persons AS
SELECT u.user_no, u.set_no, coalesce(u.account_enabled, TRUE) AS enabled, coalesce(u.user_type = 'Guest', FALSE) AS guest,
    u.created_at::DATE AS created_on, {days}, d.desktop_on, d.web_on, a.last_activity_date AS app_on,
    greatest(s.last_sign_in_at, s.last_non_interactive_sign_in_at, s.last_successful_sign_in_at)::DATE AS sign_in_on,
    CASE WHEN NOT $mailboxes THEN NULL WHEN m.recipient_type IS NULL THEN NULL
        WHEN regexp_matches(lower(m.recipient_type), '^(shared|room|equipment|scheduling)') THEN 'shared' ELSE 'user' END AS mailbox,
    CASE WHEN $mailboxes THEN coalesce(m.bytes_used, 0) END AS mailbox_bytes,
    CASE WHEN $mailboxes THEN coalesce(m.has_archive, FALSE) END AS archive,
    CASE WHEN $onedrives THEN coalesce(o.bytes_used, 0) END AS onedrive_bytes
FROM inv.users u LEFT JOIN used d USING (user_no) LEFT JOIN inv.app_usage_users a USING (user_no)
LEFT JOIN inv.sign_ins s USING (user_no) LEFT JOIN inv.mailboxes m USING (user_no)
LEFT JOIN inv.onedrives o USING (user_no)
WHERE u.set_no > 0

-- :name given
CREATE TEMP TABLE given AS
SELECT a.user_no, p.sku_no, min(coalesce(a.assigned_at, a.valid_from))::DATE AS assigned_on,
    bool_or(a.source = 'direct') AS direct, bool_or(a.source = 'group') AS grouped, min(a.group_id) AS group_id
FROM inv.assignments a JOIN products p USING (sku_id)
WHERE a.counted AND a.state IS DISTINCT FROM 'Error'
GROUP BY a.user_no, p.sku_no

-- :name seats
CREATE TABLE seats AS
SELECT p.user_no, p.set_no, i.place, i.sku_no, coalesce(g.assigned_on, (SELECT imported_on FROM facts)) AS assigned_on,
    coalesce(g.direct, FALSE) AS direct, coalesce(g.grouped, FALSE) AS grouped, g.group_id, i.known, i.told_on,
    CASE WHEN i.app_bits = 0 THEN greatest({anything}, p.app_on, p.sign_in_on)
        ELSE greatest({masked}, CASE WHEN i.app_bits & $apps <> 0 THEN p.app_on END) END AS last_on,
    p.enabled, p.guest, p.created_on, p.sign_in_on, p.mailbox, p.mailbox_bytes, p.archive
FROM persons p JOIN set_items i USING (set_no) LEFT JOIN given g ON g.user_no = p.user_no AND g.sku_no = i.sku_no
ORDER BY p.user_no, i.place

-- :name done
DROP TABLE given; DROP TABLE used
