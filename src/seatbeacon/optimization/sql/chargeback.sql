-- What each part of an organisation holds. The version is attached as inv.

-- :name held
SELECT u.{column}, s.sku_id, count(*) FROM inv.users u JOIN inv.license_sets s USING (set_no) GROUP BY ALL ORDER BY ALL

-- :name users
SELECT {column}, {called}, count(*) FROM inv.users GROUP BY {column} ORDER BY 1
