-- Sums over a results file.

-- :name by
SELECT {column}, count(*), sum(seats)::BIGINT, coalesce(sum(monthly_saving), 0), coalesce(sum(yearly_saving), 0),
    count(*) FILTER (yearly_saving IS NULL)
FROM recommendations WHERE category IN ('remove', 'replace', 'reclaim')
GROUP BY ALL ORDER BY 5 DESC, 2 DESC, 1

-- :name present
SELECT r.user_id, r.sku_id, r.rule FROM recommendations r
JOIN (SELECT unnest(from_json($keys, '[["VARCHAR"]]')) AS key) a
    ON a.key[1] = coalesce(r.user_id, '') AND a.key[2] = r.sku_id AND a.key[3] = r.rule
