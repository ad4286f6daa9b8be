-- What changed between two moments, from rows that began or ended in between: the rest of a tenant is not read.
-- A moment is the time of an import; $since was before, $until is after.

-- :name users
-- A row that stood at both moments changed nothing, so `before` are rows that ended in between, and `after` rows that
-- began then and still stood. Rows are compared by a hash: what differs is looked for in those that are shown.
CREATE OR REPLACE TEMP TABLE {table} AS
WITH before AS (
    SELECT user_no, valid_from, hash({columns}) AS content FROM users_history
    WHERE valid_to > $since AND valid_to <= $until AND valid_from <= $since
), after AS (
    SELECT user_no, valid_from, hash({columns}) AS content FROM users WHERE valid_from > $since AND valid_from <= $until
    UNION ALL
    SELECT user_no, valid_from, hash({columns}) AS content FROM users_history
    WHERE valid_to > $until AND valid_from > $since AND valid_from <= $until
)
SELECT coalesce(a.user_no, b.user_no) AS user_no, b.valid_from AS before, a.valid_from AS after,
    CASE WHEN b.user_no IS NULL THEN 'joined' WHEN a.user_no IS NULL THEN 'left' ELSE 'changed' END AS kind
FROM before b FULL JOIN after a USING (user_no)
WHERE a.content IS DISTINCT FROM b.content

-- :name assignments
-- As for users; a product that comes in several ways is held while one of them stands.
CREATE OR REPLACE TEMP TABLE {table} AS
WITH before AS (
    SELECT user_no, sku_id, any_value(source) AS source FROM assignments_history
    WHERE valid_to > $since AND valid_to <= $until AND valid_from <= $since AND counted GROUP BY ALL
), after AS (
    SELECT user_no, sku_id, any_value(source) AS source FROM (
        SELECT user_no, sku_id, source FROM assignments
        WHERE valid_from > $since AND valid_from <= $until AND counted
        UNION ALL
        SELECT user_no, sku_id, source FROM assignments_history
        WHERE valid_to > $until AND valid_from > $since AND valid_from <= $until AND counted
    ) GROUP BY ALL
), either AS (
    SELECT user_no, sku_id, 'gained' AS kind, source FROM after ANTI JOIN before USING (user_no, sku_id)
    UNION ALL
    SELECT user_no, sku_id, 'lost' AS kind, source FROM before ANTI JOIN after USING (user_no, sku_id)
), steady AS (
    SELECT user_no, sku_id FROM assignments SEMI JOIN either USING (user_no, sku_id)
    WHERE valid_from <= $since AND counted
    UNION ALL
    SELECT user_no, sku_id FROM assignments_history SEMI JOIN either USING (user_no, sku_id)
    WHERE valid_from <= $since AND valid_to > $until AND counted
), moved AS (
    SELECT * FROM either ANTI JOIN steady USING (user_no, sku_id)
), persons AS (
    SELECT user_no, id, display_name, user_principal_name, department FROM users SEMI JOIN moved USING (user_no)
    UNION ALL
    -- Those who are gone, as they were last.
    SELECT user_no, arg_max(id, valid_to), arg_max_null(display_name, valid_to), arg_max_null(user_principal_name, valid_to),
        arg_max_null(department, valid_to)
    FROM users_history SEMI JOIN (SELECT user_no FROM moved ANTI JOIN users USING (user_no)) USING (user_no)
    GROUP BY user_no
)
SELECT m.*, p.id AS user_id, p.display_name, p.user_principal_name, p.department,
    coalesce(n.product_name, m.sku_id) AS product_name, coalesce(n.sku_part_number, m.sku_id) AS sku_part_number
FROM moved m LEFT JOIN persons p USING (user_no) LEFT JOIN product_names n USING (sku_id)

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
WITH named AS (
    SELECT c.*, u.id, u.display_name, count(*) OVER () AS total FROM changed_users c JOIN (
        SELECT user_no, id, display_name, valid_from FROM users
        UNION ALL SELECT user_no, id, display_name, valid_from FROM users_history
    ) u ON u.user_no = c.user_no AND u.valid_from = coalesce(c.after, c.before)
    WHERE c.kind = $kind ORDER BY lower(u.display_name) NULLS LAST, u.id LIMIT $limit OFFSET $offset
), rows AS (
    SELECT {columns}, user_no, valid_from FROM users SEMI JOIN named USING (user_no)
    UNION ALL
    SELECT {columns}, user_no, valid_from FROM users_history SEMI JOIN named USING (user_no)
)
SELECT n.id, n.display_name, coalesce(a.user_principal_name, b.user_principal_name),
    CASE WHEN a.user_no IS NULL THEN b.department ELSE a.department END, {changed} AS changed, n.total
FROM named n LEFT JOIN rows b ON b.user_no = n.user_no AND b.valid_from = n.before
    LEFT JOIN rows a ON a.user_no = n.user_no AND a.valid_from = n.after
ORDER BY lower(n.display_name) NULLS LAST, n.id

-- :name assignment_rows
SELECT user_id, display_name, user_principal_name, department, sku_id, product_name, source, count(*) OVER () AS total
FROM changed_assignments
WHERE kind = $kind AND ($sku IS NULL OR sku_id = $sku)
    AND (NOT $by_department OR department IS NOT DISTINCT FROM $department)
ORDER BY lower(display_name) NULLS LAST, product_name, user_id, sku_id LIMIT $limit OFFSET $offset

-- :name imports
SELECT import_no, imported_at, users_total, users_added, users_removed, users_changed FROM imports ORDER BY imported_at DESC

-- :name kept
SELECT rows FROM prepared_answers WHERE question = $question
