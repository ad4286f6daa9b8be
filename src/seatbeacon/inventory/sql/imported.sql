-- The rows of assignments and licenses that came, went or changed between two moments, each way in which a product
-- came to a user by itself: what an import counts. $since was before, $until is after.

-- :name assignments
WITH before AS (
    SELECT * FROM assignments_history WHERE valid_to > $since AND valid_to <= $until AND valid_from <= $since
), after AS (
    SELECT * FROM assignments WHERE valid_from > $since AND valid_from <= $until
    UNION ALL
    SELECT * EXCLUDE (valid_to) FROM assignments_history
    WHERE valid_to > $until AND valid_from > $since AND valid_from <= $until
), moved AS (
    SELECT coalesce(a.user_no, b.user_no) AS user_no, coalesce(a.sku_id, b.sku_id) AS sku_id,
        coalesce(a.source, b.source) AS source, coalesce(a.group_id, b.group_id) AS group_id,
        CASE WHEN b.user_no IS NULL THEN 'added' WHEN a.user_no IS NULL THEN 'removed' ELSE 'changed' END AS kind,
        list_filter([{changed}], lambda one: one IS NOT NULL) AS changed
    FROM before b FULL JOIN after a ON a.user_no = b.user_no AND a.sku_id = b.sku_id
        AND a.source = b.source AND a.group_id IS NOT DISTINCT FROM b.group_id
), asked AS (
    SELECT * FROM moved WHERE kind = $kind AND (kind <> 'changed' OR len(changed) > 0)
), persons AS (
    -- As they are now, and those who are gone as they were last.
    SELECT user_no, arg_max({'id': id, 'name': display_name, 'principal': user_principal_name, 'department': department},
        valid_to) AS person
    FROM (
        SELECT user_no, id, display_name, user_principal_name, department, 'infinity'::TIMESTAMP AS valid_to FROM users
        UNION ALL
        SELECT user_no, id, display_name, user_principal_name, department, valid_to FROM users_history
    ) SEMI JOIN asked USING (user_no) GROUP BY user_no
)
SELECT p.person.id, p.person.name, p.person.principal, p.person.department, m.sku_id,
    coalesce(n.product_name, m.sku_id) AS product_name, m.source, g.display_name,
    CASE WHEN m.kind = 'changed' THEN m.changed ELSE [] END, count(*) OVER () AS total
FROM asked m LEFT JOIN persons p USING (user_no) LEFT JOIN product_names n USING (sku_id)
    LEFT JOIN license_groups g ON g.id = m.group_id
ORDER BY lower(p.person.name) NULLS LAST, product_name, p.person.id, m.sku_id, m.source, m.group_id
LIMIT $limit OFFSET $offset

-- :name licenses
WITH before AS (
    SELECT * FROM licenses_history WHERE valid_to > $since AND valid_to <= $until AND valid_from <= $since
), after AS (
    SELECT * FROM licenses WHERE valid_from > $since AND valid_from <= $until
    UNION ALL
    SELECT * EXCLUDE (valid_to) FROM licenses_history
    WHERE valid_to > $until AND valid_from > $since AND valid_from <= $until
), moved AS (
    SELECT coalesce(a.sku_id, b.sku_id) AS sku_id, coalesce(a.sku_part_number, b.sku_part_number) AS part,
        b.purchased AS before, a.purchased AS after,
        CASE WHEN b.sku_id IS NULL THEN 'added' WHEN a.sku_id IS NULL THEN 'removed' ELSE 'changed' END AS kind,
        list_filter([{changed}], lambda one: one IS NOT NULL) AS changed
    FROM before b FULL JOIN after a USING (sku_id)
)
SELECT m.sku_id, coalesce(n.product_name, m.part, m.sku_id) AS name, m.before, m.after,
    CASE WHEN m.kind = 'changed' THEN m.changed ELSE [] END, count(*) OVER () AS total
FROM moved m LEFT JOIN product_names n USING (sku_id)
WHERE kind = $kind AND (kind <> 'changed' OR len(changed) > 0)
ORDER BY name, m.sku_id LIMIT $limit OFFSET $offset
