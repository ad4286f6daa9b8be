-- Judging the facts of a version by the rules. Attached: the version as inv, its facts as f.

-- :name prepare
CREATE TEMP VIEW seats AS FROM f.seats;
CREATE TEMP VIEW products AS FROM f.products;
CREATE TEMP VIEW facts AS FROM f.facts;
CREATE TEMP TABLE gone (user_no INTEGER);
CREATE TEMP TABLE prices (sku_no SMALLINT, yearly DECIMAL(18, 4), monthly DECIMAL(18, 4));
CREATE TEMP TABLE exempt (user_no INTEGER, sku_no SMALLINT, mask BIGINT);
CREATE TEMP TABLE found (
    user_no INTEGER, sku_no SMALLINT, place TINYINT, rule_no TINYINT, certainty VARCHAR, seats INTEGER,
    yearly DECIMAL(18, 4), monthly DECIMAL(18, 4), also BIGINT, verdict_no INTEGER, note VARCHAR, due_on DATE
);
CREATE TEMP TABLE words (verdict_no INTEGER, replacement VARCHAR[], given_by VARCHAR[], lost VARCHAR[])

-- :name add_gone
INSERT INTO gone SELECT user_no FROM inv.users WHERE id IN (SELECT unnest(from_json($ids, '["VARCHAR"]')))

-- :name add_prices
INSERT INTO prices
SELECT r.sku_no, r.yearly::DECIMAL(18, 4), r.monthly::DECIMAL(18, 4)
FROM (SELECT unnest(from_json($rows, '[{"sku_no": "SMALLINT", "yearly": "VARCHAR", "monthly": "VARCHAR"}]')) AS r)

-- :name exempt_users
INSERT INTO exempt
SELECT u.user_no, p.sku_no, e.r.mask
FROM (SELECT unnest(from_json($rows, '[{"id": "VARCHAR", "sku_id": "VARCHAR", "mask": "BIGINT"}]')) AS r) e
JOIN inv.users u ON u.id = e.r.id LEFT JOIN products p ON p.sku_id = e.r.sku_id
WHERE e.r.sku_id IS NULL OR p.sku_id IS NOT NULL

-- :name exempt_others
INSERT INTO exempt
SELECT u.user_no, p.sku_no, $mask
FROM inv.users u LEFT JOIN products p ON p.sku_id = $sku
WHERE ($sku IS NULL OR p.sku_id IS NOT NULL) AND ($user IS NULL OR u.id = $user)
    AND ($department IS NULL OR lower(u.department) = lower($department))
    AND ($group_id IS NULL OR u.user_no IN (SELECT user_no FROM inv.assignments WHERE group_id = lower($group_id)))

-- :name exempt_seats
-- A row per seat that something is exempted of, and what.
CREATE TEMP TABLE exempt_seats AS
SELECT s.user_no, s.place, bit_or(e.mask) AS mask
FROM exempt e JOIN seats s ON s.user_no = e.user_no AND (e.sku_no IS NULL OR e.sku_no = s.sku_no)
GROUP BY ALL

-- :name hits
CREATE TEMP TABLE hits AS
SELECT * FROM (
    SELECT s.user_no, s.place, s.sku_no, ({mask})::BIGINT AS mask FROM seats s JOIN products p USING (sku_no)
) WHERE mask <> 0

-- :name spare_exempt
CREATE TEMP TABLE spared AS
SELECT h.* REPLACE (h.mask & ~coalesce(e.mask, 0) AS mask) FROM hits h LEFT JOIN exempt_seats e USING (user_no, place);
DROP TABLE hits;
ALTER TABLE spared RENAME TO hits

-- :name claim
INSERT INTO found
SELECT h.user_no, h.sku_no, h.place, {first}, 'known', 1, p.yearly, p.monthly, h.mask & ~(1::BIGINT << {first}), NULL, NULL, NULL
FROM hits h LEFT JOIN prices p USING (sku_no) WHERE h.mask & $saving <> 0

-- :name note_checks
INSERT INTO found
SELECT user_no, sku_no, place, $rule_no, 'known', 1, NULL, NULL, 0, NULL, NULL, NULL
FROM hits WHERE mask & (1::BIGINT << $rule_no) <> 0

-- :name state
-- What each user still holds once the rules by conditions have claimed what they claim, and what the user needs.
CREATE TEMP TABLE state AS
SELECT p.user_no, p.set_no, m.whole & ~coalesce(c.claimed, 0) AS remaining, {needs}
FROM f.persons p JOIN (SELECT set_no, sum(1::BIGINT << place)::BIGINT AS whole FROM f.set_items WHERE place < 62 GROUP BY set_no) m
    USING (set_no)
LEFT JOIN (SELECT user_no, sum(1::BIGINT << place)::BIGINT AS claimed FROM hits WHERE mask & $saving <> 0 GROUP BY user_no) c
    USING (user_no)

-- :name allowed
-- Which of a user's seats a rule may touch.
CREATE TEMP TABLE {table} AS
SELECT s.user_no, sum(1::BIGINT << s.place)::BIGINT AS allowed FROM seats s JOIN products p USING (sku_no)
WHERE s.place < 62 AND {condition} GROUP BY s.user_no

-- :name allowed_products
-- The same where a rule looks at products alone: a row per set will do.
CREATE TEMP TABLE {table} AS
SELECT i.set_no, sum(1::BIGINT << i.place)::BIGINT AS allowed FROM f.set_items i JOIN products p USING (sku_no)
WHERE i.place < 62 AND {condition} GROUP BY i.set_no

-- :name cases
CREATE OR REPLACE TEMP TABLE cases AS
SELECT t.user_no, t.set_no, t.remaining, a.allowed & t.remaining & ~{exempt} AS allowed, {needs} AS needs
FROM state t JOIN {table} a USING ({key}) {join}
WHERE a.allowed & t.remaining <> 0

-- :name case_kinds
SELECT set_no, remaining, allowed, needs, count(*) FROM cases WHERE allowed <> 0 GROUP BY ALL ORDER BY ALL

-- :name set_kinds
SELECT t.set_no, t.remaining, a.allowed & t.remaining AS allowed, {needs} AS needs, count(*)
FROM state t JOIN {table} a USING (set_no)
WHERE a.allowed & t.remaining <> 0
GROUP BY ALL ORDER BY ALL

-- :name verdicts
CREATE OR REPLACE TEMP TABLE verdicts (
    set_no INTEGER, remaining BIGINT, allowed BIGINT, needs BIGINT, place TINYINT, sku_no SMALLINT, yearly DECIMAL(18, 4),
    monthly DECIMAL(18, 4), verdict_no INTEGER
)

-- :name add_verdicts
INSERT INTO verdicts
SELECT r.set_no, r.remaining, r.allowed, r.needs, r.place, r.sku_no, r.yearly::DECIMAL(18, 4), r.monthly::DECIMAL(18, 4),
    r.verdict_no
FROM (SELECT unnest(from_json($rows, '[{"set_no": "INTEGER", "remaining": "BIGINT", "allowed": "BIGINT", "needs": "BIGINT",
    "place": "TINYINT", "sku_no": "SMALLINT", "yearly": "VARCHAR", "monthly": "VARCHAR", "verdict_no": "INTEGER"}]')) AS r)

-- :name add_words
-- What a verdict says, once for all whom it is about.
INSERT INTO words
SELECT unnest(r) FROM (SELECT unnest(from_json($rows, '[{"verdict_no": "INTEGER", "replacement": ["VARCHAR"],
    "given_by": ["VARCHAR"], "lost": ["VARCHAR"]}]')) AS r)

-- :name judge
INSERT INTO found
SELECT c.user_no, v.sku_no, v.place, $rule_no, $certainty, 1, v.yearly, v.monthly, 0, v.verdict_no, NULL, NULL
FROM cases c JOIN verdicts v USING (set_no, remaining, allowed, needs)

-- :name forget_judged
UPDATE state SET remaining = state.remaining & ~v.dropped
FROM cases c JOIN (
    SELECT set_no, remaining, allowed, needs, sum(1::BIGINT << place)::BIGINT AS dropped FROM verdicts GROUP BY ALL
) v USING (set_no, remaining, allowed, needs)
WHERE state.user_no = c.user_no

-- :name errors
INSERT INTO found
SELECT a.user_no, p.sku_no, NULL, $rule_no, 'known', 1, NULL, NULL, 0, NULL,
    string_agg(DISTINCT coalesce(a.error, 'Error'), ', ' ORDER BY coalesce(a.error, 'Error')), NULL
FROM inv.assignments a JOIN products p USING (sku_id)
LEFT JOIN exempt e ON e.user_no = a.user_no AND (e.sku_no IS NULL OR e.sku_no = p.sku_no)
    AND e.mask & (1::BIGINT << $rule_no) <> 0
WHERE (a.state = 'Error' OR a.error IS NOT NULL) AND e.user_no IS NULL
GROUP BY a.user_no, p.sku_no

-- :name unassigned
INSERT INTO found
SELECT NULL, sku_no, NULL, $rule_no, 'known', spare, spare * m.yearly, spare * m.monthly, 0, NULL, NULL, NULL
FROM (
    SELECT sku_no, (purchased - assigned - ceil(purchased * $reserve / 100.0))::INTEGER AS spare FROM products
    WHERE paid AND NOT list_contains($without::VARCHAR[], sku_id)
) LEFT JOIN prices m USING (sku_no)
WHERE spare > 0

-- :name ending
INSERT INTO found
SELECT NULL, p.sku_no, NULL, $rule_no, 'known', sum(s.total_licenses)::INTEGER, NULL, NULL, 0, NULL,
    string_agg(DISTINCT CASE WHEN s.status IN ('Warning', 'Suspended') THEN 'in grace' ELSE 'trial' END, ', '),
    min(s.next_lifecycle_at)::DATE
FROM inv.subscriptions s JOIN products p USING (sku_id)
WHERE NOT list_contains($without::VARCHAR[], p.sku_id) AND (
    s.status IN ('Warning', 'Suspended')
    OR (s.status = 'Enabled' AND (s.is_trial OR p.role = 'trial')
        AND s.next_lifecycle_at::DATE <= (SELECT imported_on FROM facts) + $days::INTEGER)
)
GROUP BY p.sku_no

-- :name shortage
INSERT INTO found
WITH days AS (
    SELECT key AS sku_id, date, value, (SELECT max(date) FROM inv.daily_counts) AS last
    FROM inv.daily_counts WHERE name = 'assigned'
), slopes AS (
    SELECT sku_id, regr_slope(value, date - DATE '2000-01-01') AS slope FROM days
    WHERE date > last - $history::INTEGER GROUP BY sku_id
    HAVING count(*) >= 3 AND max(date) - min(date) >= 13
), forecast AS (
    SELECT p.sku_no, p.sku_id, p.purchased - p.assigned AS spare, s.slope FROM products p JOIN slopes s USING (sku_id)
    WHERE p.paid AND s.slope > 0 AND p.purchased > 0
)
SELECT NULL, sku_no, NULL, $rule_no, 'known', greatest(ceil(slope * 7 * $weeks - spare), 0)::INTEGER, NULL, NULL, 0, NULL,
    'about ' || round(slope * 7, 1) || ' seats more each week',
    (SELECT imported_on FROM facts) + floor(greatest(spare, 0) / slope)::INTEGER
FROM forecast
WHERE slope * 7 * $weeks >= spare AND NOT list_contains($without::VARCHAR[], sku_id)

-- :name history_days
SELECT coalesce(max(date) - min(date), 0) FROM inv.daily_counts WHERE name = 'assigned'

-- :name likely
INSERT INTO found
SELECT p.user_no, $sku_no, NULL, $rule_no, 'known', 1, NULL, NULL, 0, NULL, apps || ' of 6 apps', NULL
FROM (SELECT user_no, set_no, enabled, guest, created_on, mailbox, {apps} AS apps FROM f.persons) p
LEFT JOIN exempt e ON e.user_no = p.user_no AND (e.sku_no IS NULL OR e.sku_no = $sku_no)
    AND e.mask & (1::BIGINT << $rule_no) <> 0
WHERE apps >= $least AND p.enabled AND NOT p.guest AND p.mailbox IS DISTINCT FROM 'shared' AND e.user_no IS NULL
    AND p.set_no NOT IN (SELECT set_no FROM f.set_items JOIN products USING (sku_no) WHERE role = 'copilot')
    AND list_contains($sets::INTEGER[], p.set_no)
    AND (p.created_on IS NULL OR p.created_on <= (SELECT imported_on FROM facts) - $grace::INTEGER)

-- :name totals
SELECT rule_no, count(*), sum(seats)::BIGINT, sum(monthly), sum(yearly), count(*) FILTER (yearly IS NULL)
FROM found GROUP BY rule_no ORDER BY rule_no

-- :name recommendations
CREATE TABLE recommendations AS
SELECT r.rule, r.title AS rule_title, r.category, r.action, f.certainty, $tenant_id AS tenant_id, u.id AS user_id,
    u.user_principal_name, u.display_name, u.department, u.country, u.company_name, u.cost_center, u.manager_id, u.manager_name,
    u.manager_user_principal_name, u.account_enabled, u.user_type, p.sku_id, p.sku_part_number, p.product_name, f.seats,
    f.yearly AS yearly_saving, f.monthly AS monthly_saving, CASE WHEN f.yearly IS NOT NULL THEN $currency END AS currency,
    CASE WHEN r.saves THEN p.renewal_date END AS realisable_on, w.replacement, w.given_by, w.lost,
    CASE WHEN f.also <> 0 THEN list_filter($rules::VARCHAR[], lambda rule, place: f.also & (1::BIGINT << (place - 1)) <> 0)
        ELSE [] END AS also,
    f.note, f.due_on, s.assigned_on,
    CASE WHEN s.direct AND s.grouped THEN 'both' WHEN s.direct THEN 'direct' WHEN s.grouped THEN 'group'
        WHEN s.user_no IS NOT NULL THEN 'unknown' END AS source,
    s.group_id, g.display_name AS group_name, s.last_on AS last_activity_date, s.told_on AS report_refresh_date,
    CASE WHEN r.by_activity THEN i.reports ELSE [] END AS reports, $import_no AS import_no, $imported_at::TIMESTAMP AS imported_at
FROM found f JOIN rules r USING (rule_no) JOIN products p USING (sku_no)
LEFT JOIN words w USING (verdict_no)
LEFT JOIN seats s ON s.user_no = f.user_no AND s.place = f.place
LEFT JOIN f.set_items i ON i.set_no = s.set_no AND i.place = s.place
LEFT JOIN inv.users u ON u.user_no = f.user_no
LEFT JOIN inv.license_groups g ON g.id = s.group_id

-- :name rules
CREATE TABLE rules (
    rule_no TINYINT, rule VARCHAR, version INTEGER, title VARCHAR, sentence VARCHAR, category VARCHAR, action VARCHAR,
    saves BOOLEAN, by_activity BOOLEAN, told VARCHAR, reasons VARCHAR[]
)

-- :name add_rules
INSERT INTO rules
SELECT unnest($rule_no::INTEGER[]), unnest($rule::VARCHAR[]), unnest($version::INTEGER[]), unnest($title::VARCHAR[]),
    unnest($sentence::VARCHAR[]), unnest($category::VARCHAR[]), unnest($action::VARCHAR[]), unnest($saves::BOOLEAN[]),
    unnest($by_activity::BOOLEAN[]), unnest($told::VARCHAR[]), unnest($reasons::VARCHAR[][])

-- :name keep_outcome
-- What the version says of itself and of its datasets: a results file is read as versions are.
CREATE TABLE meta AS FROM inv.meta;
CREATE TABLE dataset_state AS FROM inv.dataset_state;
CREATE TABLE outcome AS SELECT $text::VARCHAR AS text

-- :name outcome
SELECT text FROM outcome

-- :name sentences
SELECT title, sentence FROM rules

-- :name scope
SELECT sku_id FROM products p WHERE {condition}

-- :name recipient_types
SELECT count(*), count(recipient_type) FROM inv.mailboxes
