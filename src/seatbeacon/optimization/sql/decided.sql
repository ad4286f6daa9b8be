-- What people decided, beside a results file; and what a version says of it.

-- :name write
COPY (
    SELECT {columns}
    FROM (SELECT unnest(from_json($rows, '[["VARCHAR"]]')) AS row)
) TO {file} (FORMAT parquet)

-- :name held
SELECT DISTINCT a.key[1], a.key[2], a.key[3]
FROM (SELECT unnest(from_json($keys, '[["VARCHAR"]]')) AS key) a
JOIN users u ON u.id = a.key[1]
JOIN assignments s ON s.user_no = u.user_no AND lower(s.sku_id) = lower(a.key[2])

-- :name grouped
SELECT DISTINCT a.key[1], a.key[2], a.key[3], coalesce(g.display_name, s.group_id)
FROM (SELECT unnest(from_json($keys, '[["VARCHAR"]]')) AS key) a
JOIN users u ON u.id = a.key[1]
JOIN assignments s ON s.user_no = u.user_no AND lower(s.sku_id) = lower(a.key[2]) AND s.source = 'group'
LEFT JOIN license_groups g ON g.id = s.group_id
ORDER BY ALL

-- :name owned
SELECT sku_part_number, sku_id FROM licenses WHERE sku_part_number IS NOT NULL
