-- What an overview tells, from what each import has counted.
-- A product that is free comes with thousands of seats that nobody bought: counted among what was purchased they
-- would hide everything else. `unlimited` marks those: the round numbers that Microsoft gives free products, of which less than a fifth is taken.

-- :name users
SELECT key, value FROM daily_counts WHERE name = 'users' AND date = (SELECT max(date) FROM daily_counts)

-- :name products
SELECT sku_id, product_name, sku_part_number, purchased, assigned, available, active_90, inactive_90, never_active,
    renewal_date, status, purchased IN (10000, 1000000) AND assigned * 5 < purchased AS unlimited
FROM license_summary WHERE coalesce(applies_to, 'User') = 'User'
ORDER BY unlimited, assigned DESC, purchased DESC, product_name

-- :name seats_by_day
WITH unlimited AS (
    SELECT sku_id FROM license_summary WHERE purchased IN (10000, 1000000) AND assigned * 5 < purchased
)
SELECT date, name, sum(value)::BIGINT FROM daily_counts
WHERE name IN ('purchased', 'assigned', 'active_90') AND date >= $since
    AND key IN (SELECT sku_id FROM product_names) AND key NOT IN (SELECT sku_id FROM unlimited)
GROUP BY ALL ORDER BY date

-- :name users_by_day
SELECT date, key, value FROM daily_counts
WHERE name = 'users' AND key IN ('members', 'guests', 'disabled', 'licensed') AND date >= $since ORDER BY date

-- :name one_by_day
SELECT date, name, value FROM daily_counts WHERE key = $key AND date >= $since ORDER BY date, name

-- :name renewals
SELECT s.sku_id, coalesce(n.product_name, s.sku_part_number, s.sku_id), s.next_lifecycle_at::DATE AS day,
    sum(s.total_licenses)::BIGINT AS seats, bool_or(coalesce(s.is_trial, FALSE)), any_value(s.status)
FROM subscriptions s LEFT JOIN product_names n USING (sku_id)
WHERE s.next_lifecycle_at IS NOT NULL AND s.status IN ('Enabled', 'Warning')
GROUP BY ALL HAVING day >= $today ORDER BY day, 2 LIMIT $limit
