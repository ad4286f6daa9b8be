-- Sums over a results file.

-- :name by
SELECT {column}, {called}, count(*), sum(seats)::BIGINT, coalesce(sum(monthly_saving), 0), coalesce(sum(yearly_saving), 0),
    count(*) FILTER (yearly_saving IS NULL)
FROM {source} WHERE category IN ('remove', 'replace', 'reclaim')
    AND coalesce(d.told_state, 'open') NOT IN ('dismissed', 'exempted')
GROUP BY {column} ORDER BY 6 DESC, 3 DESC, 1

-- :name present
SELECT r.user_id, r.sku_id, r.rule FROM recommendations r
JOIN (SELECT unnest(from_json($keys, '[["VARCHAR"]]')) AS key) a
    ON a.key[1] = coalesce(r.user_id, '') AND a.key[2] = r.sku_id AND a.key[3] = r.rule
