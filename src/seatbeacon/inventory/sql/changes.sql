-- What changed between two moments, from rows that began or ended in between: the rest of a tenant is not read.
-- A moment is the time of an import; $since was before, $until is after.

-- :name users
CREATE OR REPLACE TEMP TABLE {table} AS
WITH touched AS (
    SELECT user_no FROM users WHERE valid_from > $since AND valid_from <= $until
    UNION SELECT user_no FROM users_history WHERE valid_from > $since AND valid_from <= $until
    UNION SELECT user_no FROM users_history WHERE valid_to > $since AND valid_to <= $until
), rows AS (
    SELECT {columns}, user_no, valid_from, NULL::TIMESTAMP AS valid_to FROM users SEMI JOIN touched USING (user_no)
    UNION ALL
    SELECT {columns}, user_no, valid_from, valid_to FROM users_history SEMI JOIN touched USING (user_no)
), before AS (
    SELECT * FROM rows WHERE valid_from <= $since AND (valid_to IS NULL OR valid_to > $since)
), after AS (
    SELECT * FROM rows WHERE valid_from <= $until AND (valid_to IS NULL OR valid_to > $until)
)
SELECT coalesce(a.user_no, b.user_no) AS user_no,
    CASE WHEN b.user_no IS NULL THEN 'joined' WHEN a.user_no IS NULL THEN 'left' ELSE 'changed' END AS kind,
    coalesce(a.id, b.id) AS id, coalesce(a.display_name, b.display_name) AS display_name,
    coalesce(a.user_principal_name, b.user_principal_name) AS user_principal_name,
    coalesce(a.department, b.department) AS department, {changed} AS changed
FROM before b FULL JOIN after a USING (user_no)
WHERE a.user_no IS NULL OR b.user_no IS NULL OR len(changed) > 0

-- :name assignments
CREATE OR REPLACE TEMP TABLE {table} AS
WITH touched AS (
    SELECT user_no, sku_id FROM assignments WHERE valid_from > $since AND valid_from <= $until
    UNION SELECT user_no, sku_id FROM assignments_history WHERE valid_from > $since AND valid_from <= $until
    UNION SELECT user_no, sku_id FROM assignments_history WHERE valid_to > $since AND valid_to <= $until
), rows AS (
    SELECT user_no, sku_id, source, group_id, valid_from, NULL::TIMESTAMP AS valid_to
    FROM assignments SEMI JOIN touched USING (user_no, sku_id) WHERE counted
    UNION ALL
    SELECT user_no, sku_id, source, group_id, valid_from, valid_to
    FROM assignments_history SEMI JOIN touched USING (user_no, sku_id) WHERE counted
), before AS (
    SELECT user_no, sku_id, any_value(source) AS source FROM rows
    WHERE valid_from <= $since AND (valid_to IS NULL OR valid_to > $since) GROUP BY ALL
), after AS (
    SELECT user_no, sku_id, any_value(source) AS source FROM rows
    WHERE valid_from <= $until AND (valid_to IS NULL OR valid_to > $until) GROUP BY ALL
), moved AS (
    SELECT coalesce(a.user_no, b.user_no) AS user_no, coalesce(a.sku_id, b.sku_id) AS sku_id,
        CASE WHEN b.user_no IS NULL THEN 'gained' ELSE 'lost' END AS kind, coalesce(a.source, b.source) AS source
    FROM before b FULL JOIN after a ON a.user_no = b.user_no AND a.sku_id = b.sku_id
    WHERE a.user_no IS NULL OR b.user_no IS NULL
), persons AS (
    SELECT user_no, id, display_name, user_principal_name, department, NULL::TIMESTAMP AS valid_to
    FROM users SEMI JOIN moved USING (user_no)
    UNION ALL
    SELECT user_no, id, display_name, user_principal_name, department, valid_to
    FROM users_history SEMI JOIN moved USING (user_no)
)
SELECT m.*, p.id AS user_id, p.display_name, p.user_principal_name, p.department,
    coalesce(n.product_name, m.sku_id) AS product_name, coalesce(n.sku_part_number, m.sku_id) AS sku_part_number
FROM moved m LEFT JOIN (
    -- As the person is now, or was last.
    SELECT * FROM persons QUALIFY row_number() OVER (PARTITION BY user_no ORDER BY valid_to DESC NULLS FIRST) = 1
) p USING (user_no) LEFT JOIN product_names n USING (sku_id)

-- :name user_counts
SELECT kind, count(*) FROM changed_users GROUP BY kind

-- :name assignments_by_product
SELECT sku_id, any_value(product_name), count(*) FILTER (kind = 'gained') AS gained,
    count(*) FILTER (kind = 'lost') AS lost
FROM changed_assignments GROUP BY sku_id ORDER BY gained + lost DESC, 2, sku_id

-- :name assignments_by_department
SELECT department, count(*) FILTER (kind = 'gained') AS gained, count(*) FILTER (kind = 'lost') AS lost
FROM changed_assignments GROUP BY department ORDER BY gained - lost DESC, gained DESC, department NULLS LAST

-- :name licenses
WITH before AS (SELECT * FROM licenses_as_of($since)), after AS (SELECT * FROM licenses_as_of($until))
SELECT coalesce(a.sku_id, b.sku_id) AS sku_id, coalesce(n.product_name, a.sku_part_number, b.sku_part_number) AS name,
    b.purchased AS before, a.purchased AS after
FROM before b FULL JOIN after a USING (sku_id) LEFT JOIN product_names n ON n.sku_id = coalesce(a.sku_id, b.sku_id)
WHERE a.purchased IS DISTINCT FROM b.purchased
ORDER BY abs(coalesce(a.purchased, 0) - coalesce(b.purchased, 0)) DESC, name

-- :name user_rows
SELECT id, display_name, user_principal_name, department, changed, count(*) OVER () AS total FROM changed_users
WHERE kind = $kind ORDER BY lower(display_name) NULLS LAST, id LIMIT $limit OFFSET $offset

-- :name assignment_rows
SELECT user_id, display_name, user_principal_name, department, sku_id, product_name, source, count(*) OVER () AS total
FROM changed_assignments
WHERE kind = $kind AND ($sku IS NULL OR sku_id = $sku)
    AND (NOT $by_department OR department IS NOT DISTINCT FROM $department)
ORDER BY lower(display_name) NULLS LAST, product_name, user_id, sku_id LIMIT $limit OFFSET $offset

-- :name imports
SELECT import_no, imported_at, users_total, users_added, users_removed, users_changed FROM imports ORDER BY imported_at DESC
