-- Who the newest import of a version took out of it, and what they held until then.

-- :name by_department
WITH last AS (SELECT max(imported_at) AS at FROM imports),
gone AS (
    SELECT h.user_no, h.department FROM users_history h, last
    WHERE h.valid_to = last.at AND h.user_no NOT IN (SELECT user_no FROM users)
),
licensed AS (SELECT DISTINCT a.user_no FROM assignments_history a, last WHERE a.valid_to = last.at)
SELECT nullif(g.department, '') AS department, count(*), count(l.user_no)
FROM gone g LEFT JOIN licensed l USING (user_no)
GROUP BY ALL ORDER BY 2 DESC, 1

-- :name count
WITH last AS (SELECT max(imported_at) AS at FROM imports)
SELECT count(*) FROM users_history h, last
WHERE h.valid_to = last.at AND h.user_no NOT IN (SELECT user_no FROM users)
    AND ($any_department OR nullif(h.department, '') IS NOT DISTINCT FROM $department)
    AND contains(lower(concat_ws(' ', h.display_name, h.user_principal_name)), lower($search))

-- :name page
WITH last AS (SELECT max(imported_at) AS at FROM imports),
gone AS (
    SELECT h.* FROM users_history h, last
    WHERE h.valid_to = last.at AND h.user_no NOT IN (SELECT user_no FROM users)
        AND ($any_department OR nullif(h.department, '') IS NOT DISTINCT FROM $department)
        AND contains(lower(concat_ws(' ', h.display_name, h.user_principal_name)), lower($search))
    ORDER BY lower(h.display_name) NULLS LAST, h.id LIMIT $limit OFFSET $offset
),
held AS (
    SELECT a.user_no, count(DISTINCT a.sku_id) AS licenses FROM assignments_history a, last
    WHERE a.valid_to = last.at AND a.user_no IN (SELECT user_no FROM gone) GROUP BY a.user_no
)
SELECT g.id, g.user_principal_name, g.display_name, nullif(g.department, ''), g.account_enabled,
    coalesce(h.licenses, 0)
FROM gone g LEFT JOIN held h USING (user_no)
ORDER BY lower(g.display_name) NULLS LAST, g.id
