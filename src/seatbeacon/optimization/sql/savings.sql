-- Sums over a results file.

-- :name by
SELECT {column}, count(*), sum(seats)::BIGINT, coalesce(sum(monthly_saving), 0), coalesce(sum(yearly_saving), 0),
    count(*) FILTER (yearly_saving IS NULL)
FROM recommendations WHERE category IN ('remove', 'replace', 'reclaim')
GROUP BY ALL ORDER BY 5 DESC, 2 DESC, 1

-- :name present
SELECT r.user_id, r.sku_id, r.rule FROM recommendations r
JOIN (SELECT unnest($users::VARCHAR[]) AS user_id, unnest($skus::VARCHAR[]) AS sku_id, unnest($rules::VARCHAR[]) AS rule) a
    ON a.user_id = coalesce(r.user_id, '') AND a.sku_id = r.sku_id AND a.rule = r.rule
