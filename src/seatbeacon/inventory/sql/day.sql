-- What a version held at a moment, into `day`, a file with the tables of a version; `version` is what is read. The
-- subqueries in braces are tables as of $moment (listings/past.py). Rows are in the order of their users, so that those of a
-- few users stand together.

-- :name assignments
INSERT INTO day.assignments BY NAME SELECT * EXCLUDE (valid_to) FROM {assignments} ORDER BY user_no

-- :name usage
INSERT INTO day.usage BY NAME
SELECT user_no, slot, last_activity_date, active_since, report_refresh_date, $moment::TIMESTAMP AS valid_from FROM {usage}
ORDER BY user_no

-- :name license_groups
INSERT INTO day.license_groups BY NAME SELECT * EXCLUDE (valid_to) FROM {license_groups}

-- :name enterprise_applications
INSERT INTO day.enterprise_applications BY NAME SELECT * EXCLUDE (valid_to) FROM {enterprise_applications}

-- :name application_assignments
INSERT INTO day.application_assignments BY NAME SELECT * EXCLUDE (valid_to) FROM {application_assignments}

-- :name slots
INSERT INTO day.slots SELECT * FROM version.slots

-- :name products
INSERT INTO day.license_summary BY NAME SELECT sku_id, sku_part_number, product_name FROM version.product_names

-- :name kinds
-- The kinds of accounts are told as they are now; how large a mailbox was, nobody kept.
INSERT INTO day.mailboxes BY NAME
SELECT user_no, recipient_type FROM version.mailboxes WHERE regexp_matches(recipient_type, 'shared|room|equipment', 'i')

-- :name refresh
INSERT INTO day.dataset_state BY NAME
SELECT * REPLACE (least(refresh_date, $moment::DATE) AS refresh_date) FROM version.dataset_state

-- :name highest_number
-- Of all who ever were there, the highest number is what listings ask for.
INSERT INTO day.people SELECT * FROM version.people WHERE user_no = (SELECT max(user_no) FROM version.people)

-- :name meta
INSERT INTO day.meta SELECT * FROM version.meta

-- :name several
CREATE TEMP TABLE several AS
SELECT DISTINCT user_no FROM (
    SELECT user_no FROM day.assignments WHERE counted GROUP BY user_no, sku_id HAVING count(*) > 1
)

-- :name held
-- Only what came in several ways is put together: those are few. A plan is off where every way switches it off.
CREATE TEMP TABLE held AS
SELECT user_no, sku_id, list_sort([lower(plan) FOR plan IN disabled_plans]) AS disabled_plans
FROM day.assignments WHERE counted AND user_no NOT IN (SELECT user_no FROM several)
UNION ALL
SELECT user_no, sku_id, list_sort(list_reduce(list([lower(plan) FOR plan IN disabled_plans]),
    lambda one, other: list_intersect(one, other)))
FROM day.assignments WHERE counted AND user_no IN (SELECT user_no FROM several) GROUP BY user_no, sku_id

-- :name parts
-- A product with the plans that are off: there are few, and a number stands for each.
CREATE TEMP TABLE parts AS
SELECT row_number() OVER ()::INTEGER AS part, sku_id, disabled_plans FROM (SELECT DISTINCT sku_id, disabled_plans FROM held)

-- :name keys
CREATE TEMP TABLE keys AS
SELECT h.user_no, string_agg(p.part::VARCHAR, ',' ORDER BY p.part) AS key
FROM held h JOIN parts p ON p.sku_id = h.sku_id AND p.disabled_plans IS NOT DISTINCT FROM h.disabled_plans
GROUP BY h.user_no

-- :name sets
CREATE TEMP TABLE sets AS
SELECT row_number() OVER ()::INTEGER AS set_no, key FROM (SELECT DISTINCT key FROM keys)

-- :name license_sets
INSERT INTO day.license_sets BY NAME
SELECT s.set_no, s.key, p.sku_id, p.disabled_plans
FROM (SELECT set_no, key, unnest(string_split(key, ','))::INTEGER AS part FROM sets) s JOIN parts p USING (part)

-- :name license_set_names
INSERT INTO day.license_set_names BY NAME
SELECT set_no, list_sort(list(coalesce(p.sku_part_number, s.sku_id))) AS licenses, count(*)::INTEGER AS license_count
FROM day.license_sets s LEFT JOIN version.product_names p USING (sku_id) GROUP BY set_no
UNION ALL
SELECT 0, [], 0

-- :name users
INSERT INTO day.users BY NAME
SELECT u.* EXCLUDE (valid_to, line_hash, set_no, last_activity_date, active_since, used, search_text),
    coalesce(s.set_no, 0) AS set_no, t.last_activity_date, t.active_since, 0 AS used,
    coalesce(u.search_text, lower(concat_ws(chr(10), {searched}))) AS search_text
FROM {users} u LEFT JOIN (SELECT k.user_no, s.set_no FROM keys k JOIN sets s USING (key)) s USING (user_no)
LEFT JOIN (
    SELECT user_no, max(last_activity_date) AS last_activity_date, max(active_since) AS active_since
    FROM day.usage GROUP BY user_no
) t USING (user_no)
ORDER BY user_no

-- :name forget
DROP TABLE several;
DROP TABLE held;
DROP TABLE parts;
DROP TABLE keys;
DROP TABLE sets
