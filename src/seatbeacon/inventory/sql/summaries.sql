-- What the listings of licenses and applications show, counted once per import.

-- :name license_names
CREATE OR REPLACE TEMP TABLE license_names AS
SELECT sku_id, coalesce(l.sku_part_number, c.sku_part_number, sku_id) AS sku_part_number,
    coalesce(c.product_name, l.sku_part_number, sku_id) AS product_name, c.sku_id IS NULL AS unknown
FROM (SELECT sku_id FROM licenses UNION SELECT sku_id FROM license_sets) s
LEFT JOIN licenses l USING (sku_id) LEFT JOIN catalog_products c USING (sku_id)

-- :name forget_product_names
DELETE FROM product_names WHERE sku_id IN (SELECT sku_id FROM license_names)

-- :name add_product_names
INSERT INTO product_names SELECT sku_id, sku_part_number, product_name FROM license_names

-- :name forget_set_names
DELETE FROM license_set_names

-- :name add_set_names
INSERT INTO license_set_names BY NAME
SELECT s.set_no, list(n.sku_part_number ORDER BY n.sku_part_number) AS licenses, count(*)::INTEGER AS license_count
FROM license_sets s JOIN license_names n USING (sku_id) GROUP BY s.set_no

-- :name no_set
INSERT INTO license_set_names VALUES (0, [], 0)

-- :name load_catalog
CREATE OR REPLACE TEMP TABLE catalog_products AS
SELECT sku_id, sku_part_number, product_name, plans
FROM read_csv($path, columns = {'sku_id': 'VARCHAR', 'sku_part_number': 'VARCHAR', 'product_name': 'VARCHAR',
    'plans': 'VARCHAR'}, delim = ',', quote = '"', escape = '"', header = true, auto_detect = false)

-- :name unknown_products
SELECT n.sku_part_number FROM license_names n JOIN license_summary USING (sku_id) WHERE n.unknown ORDER BY ALL

-- :name forget_licenses
DELETE FROM license_summary

-- :name refresh_dates
SELECT dataset, refresh_date FROM dataset_state WHERE collected_at IS NOT NULL AND refresh_date IS NOT NULL

-- :name licenses
INSERT INTO license_summary BY NAME
WITH per_set AS (
    SELECT set_no, count(*) AS assigned, count(*) FILTER (active_since > $refresh::DATE - 90) AS active_90,
        count(*) FILTER (active_since <= $refresh::DATE - 90) AS inactive_90,
        count(*) FILTER (active_since IS NULL) AS never_active
    FROM users GROUP BY set_no
), held AS (
    SELECT s.sku_id, sum(p.assigned)::BIGINT AS assigned, sum(p.active_90)::BIGINT AS active_90,
        sum(p.inactive_90)::BIGINT AS inactive_90, sum(p.never_active)::BIGINT AS never_active
    FROM license_sets s JOIN per_set p USING (set_no) GROUP BY s.sku_id
), renewal AS (
    SELECT sku_id, min(next_lifecycle_at)::DATE AS renewal_date FROM subscriptions
    WHERE status IN ('Enabled', 'Warning') GROUP BY sku_id
)
SELECT n.sku_id, n.sku_part_number, n.product_name, coalesce(l.applies_to, 'User') AS applies_to, l.status,
    coalesce(l.purchased, 0) AS purchased, coalesce(h.assigned, 0) AS assigned,
    coalesce(l.purchased, 0) - coalesce(h.assigned, 0) AS available, coalesce(l.warning, 0) AS warning,
    coalesce(l.suspended, 0) AS suspended, coalesce(l.locked_out, 0) AS locked_out, r.renewal_date,
    CASE WHEN $refresh::DATE IS NOT NULL THEN coalesce(h.active_90, 0) END AS active_90,
    CASE WHEN $refresh::DATE IS NOT NULL THEN coalesce(h.inactive_90, 0) END AS inactive_90,
    CASE WHEN $refresh::DATE IS NOT NULL THEN coalesce(h.never_active, 0) END AS never_active,
    $refresh::DATE AS report_refresh_date
FROM license_names n LEFT JOIN licenses l USING (sku_id) LEFT JOIN held h USING (sku_id)
LEFT JOIN renewal r USING (sku_id)
WHERE l.sku_id IS NOT NULL OR h.sku_id IS NOT NULL

-- :name applications
CREATE OR REPLACE TEMP TABLE applications AS
SELECT s.bit, s.slot, a.*
FROM (
    SELECT unnest($names::VARCHAR[]) AS application, unnest($kinds::VARCHAR[]) AS kind,
        unnest($plans::VARCHAR[][]) AS plans, unnest($excluded::VARCHAR[][]) AS excluded,
        unnest($refreshes::DATE[]) AS refresh
) a JOIN slots s USING (application)
WHERE s.bit <> 0

-- :name plan_bits
CREATE OR REPLACE TEMP TABLE plan_bits AS
WITH catalog_plans AS (
    SELECT sku_id, split_part(plan, ':', 2) AS plan_id, split_part(plan, ':', 1) AS plan_name
    FROM (
        SELECT sku_id, unnest(string_split(plans, '|')) AS plan
        FROM catalog_products SEMI JOIN license_sets USING (sku_id)
    )
), plans AS (
    SELECT sku_id, plan_id, plan_name FROM service_plans SEMI JOIN license_sets USING (sku_id)
    UNION ALL
    SELECT sku_id, plan_id, plan_name FROM catalog_plans
    WHERE sku_id NOT IN (SELECT sku_id FROM service_plans)
), patterns AS (
    SELECT bit, unnest(plans) AS pattern, excluded FROM applications
)
SELECT p.sku_id, p.plan_id, bit_or(bit) AS bits
FROM plans p JOIN patterns ON upper(p.plan_name) GLOB pattern
WHERE len(list_filter(excluded, lambda shape: upper(p.plan_name) GLOB shape)) = 0
GROUP BY ALL

-- :name entitled
CREATE OR REPLACE TEMP TABLE entitled AS
SELECT s.set_no, bit_or(b.bits) AS bits
FROM license_sets s JOIN plan_bits b ON b.sku_id = s.sku_id AND NOT list_contains(s.disabled_plans, b.plan_id)
GROUP BY s.set_no

-- :name forget_entitled
DELETE FROM entitled_sets

-- :name add_entitled
INSERT INTO entitled_sets BY NAME
SELECT e.set_no, a.slot FROM entitled e JOIN applications a ON e.bits & a.bit <> 0

-- :name forget_applications
DELETE FROM application_summary

-- :name add_applications
INSERT INTO application_summary BY NAME
WITH known AS (
    SELECT a.slot, count(*) FILTER (u.active_since > a.refresh - 7) AS active_7,
        count(*) FILTER (u.active_since > a.refresh - 30) AS active_30,
        count(*) FILTER (u.active_since > a.refresh - 90) AS active_90,
        count(*) FILTER (u.active_since > a.refresh - 180) AS active_180,
        max(u.last_activity_date) AS last_activity_date
    FROM usage u JOIN applications a USING (slot) GROUP BY a.slot
), combos AS (
    SELECT e.bits AS entitled, coalesce(u.used, 0) AS used, count(*) AS users
    FROM users u JOIN entitled e USING (set_no) GROUP BY ALL
), entitlement AS (
    SELECT a.slot, coalesce(sum(users) FILTER (c.entitled & a.bit <> 0), 0)::BIGINT AS entitled_users,
        coalesce(sum(users) FILTER (c.entitled & ~c.used & a.bit <> 0), 0)::BIGINT AS never_active
    FROM applications a LEFT JOIN combos c ON TRUE GROUP BY a.slot
)
SELECT a.application AS id, a.application, a.kind, 'Microsoft' AS publisher, e.entitled_users,
    CASE WHEN a.refresh IS NOT NULL THEN coalesce(k.active_7, 0) END AS active_7,
    CASE WHEN a.refresh IS NOT NULL THEN coalesce(k.active_30, 0) END AS active_30,
    CASE WHEN a.refresh IS NOT NULL THEN coalesce(k.active_90, 0) END AS active_90,
    CASE WHEN a.refresh IS NOT NULL THEN coalesce(k.active_180, 0) END AS active_180,
    CASE WHEN a.refresh IS NOT NULL THEN e.never_active END AS never_active,
    k.last_activity_date, a.refresh AS report_refresh_date
FROM applications a JOIN entitlement e USING (slot) LEFT JOIN known k USING (slot)

-- :name add_enterprise
INSERT INTO application_summary BY NAME
SELECT e.id, coalesce(e.display_name, e.app_id, e.id) AS application, 'enterprise application' AS kind, e.publisher,
    count(DISTINCT a.principal_id) FILTER (a.principal_type = 'User') AS entitled_users
FROM enterprise_applications e LEFT JOIN application_assignments a ON a.application_id = e.id
GROUP BY ALL

-- :name forget_day
DELETE FROM daily_counts WHERE date = $day

-- :name daily_counts
INSERT INTO daily_counts
SELECT $day, name, key, value FROM (
    SELECT 'purchased' AS name, sku_id AS key, purchased AS value FROM license_summary
    UNION ALL SELECT 'assigned', sku_id, assigned FROM license_summary
    UNION ALL SELECT 'active_90', sku_id, active_90 FROM license_summary
    UNION ALL SELECT 'inactive_90', sku_id, inactive_90 FROM license_summary
    UNION ALL SELECT 'never_active', sku_id, never_active FROM license_summary
    UNION ALL SELECT 'entitled', id, entitled_users FROM application_summary WHERE kind <> 'enterprise application'
    UNION ALL SELECT 'active_7', id, active_7 FROM application_summary
    UNION ALL SELECT 'active_30', id, active_30 FROM application_summary
    UNION ALL SELECT 'active_90', id, active_90 FROM application_summary
    UNION ALL SELECT 'active_180', id, active_180 FROM application_summary
    UNION ALL SELECT 'never_active', id, never_active FROM application_summary
    UNION ALL SELECT 'users', 'all', count(*) FROM users
    UNION ALL SELECT 'users', 'members', count(*) FROM users WHERE user_type IS DISTINCT FROM 'Guest'
    UNION ALL SELECT 'users', 'guests', count(*) FROM users WHERE user_type = 'Guest'
    UNION ALL SELECT 'users', 'disabled', count(*) FROM users WHERE account_enabled IS FALSE
    UNION ALL SELECT 'users', 'licensed', count(*) FROM users WHERE set_no > 0
) WHERE value IS NOT NULL

-- :name measures
SELECT name || '_' || key, value FROM daily_counts WHERE date = $day AND name = 'users'
UNION ALL
SELECT 'seats_' || name, sum(value)::BIGINT FROM daily_counts WHERE date = $day AND name IN ('purchased', 'assigned') GROUP BY name
