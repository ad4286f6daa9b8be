-- One user, now or as of a moment ($moment: far in the future for now). user_no is looked up once.

-- :name number
SELECT user_no FROM people WHERE id = $id

-- :name number_by_hash
SELECT user_no FROM people
WHERE id = $id AND user_no IN (SELECT user_no FROM people_by_id WHERE key = hash(lower($id::VARCHAR)))

-- :name attributes
SELECT {columns}, valid_from, valid_to FROM (
    SELECT {columns}, valid_from, NULL::TIMESTAMP AS valid_to FROM users WHERE user_no = $number
    UNION ALL
    SELECT {columns}, valid_from, valid_to FROM users_history WHERE user_no = $number
) ORDER BY valid_from

-- :name activity
SELECT last_activity_date, active_since FROM users WHERE user_no = $number

-- :name ways
SELECT sku_id, source, group_id, state, error, disabled_plans, assigned_at, counted, valid_from, valid_to FROM (
    SELECT *, NULL::TIMESTAMP AS valid_to FROM assignments WHERE user_no = $number
    UNION ALL
    SELECT * FROM assignments_history WHERE user_no = $number
) ORDER BY valid_from, sku_id, source, group_id

-- :name off
SELECT s.sku_id, s.disabled_plans FROM users u JOIN license_sets s USING (set_no) WHERE u.user_no = $number

-- :name products
SELECT sku_id, product_name, sku_part_number FROM product_names WHERE sku_id IN (SELECT unnest($skus))

-- :name plans
SELECT sku_id, plan_id, plan_name FROM (
    SELECT sku_id, plan_id, plan_name, NULL::TIMESTAMP AS valid_to FROM service_plans
    UNION ALL SELECT sku_id, plan_id, plan_name, valid_to FROM service_plans_history
)
WHERE sku_id IN (SELECT unnest($skus))
QUALIFY row_number() OVER (PARTITION BY sku_id, plan_id ORDER BY valid_to DESC NULLS FIRST) = 1
ORDER BY sku_id, plan_name

-- :name groups
SELECT id, display_name FROM (
    SELECT id, display_name, NULL::TIMESTAMP AS valid_to FROM license_groups
    UNION ALL SELECT id, display_name, valid_to FROM license_groups_history
)
WHERE id IN (SELECT unnest($groups))
QUALIFY row_number() OVER (PARTITION BY id ORDER BY valid_to DESC NULLS FIRST) = 1

-- :name usage
SELECT s.application, s.platform, u.last_activity_date, u.active_within_days, u.report_refresh_date FROM (
    SELECT *, NULL::TIMESTAMP AS valid_to FROM usage WHERE user_no = $number AND valid_from <= $moment
    UNION ALL
    SELECT * FROM usage_history WHERE user_no = $number AND valid_from <= $moment AND valid_to > $moment
) u JOIN slots s USING (slot)
ORDER BY s.application, s.platform <> 'All', s.platform

-- :name activations
SELECT product, last_activated_date, windows, mac, windows_10_mobile, ios, android, shared_computer
FROM activations WHERE user_no = $number ORDER BY product, last_activated_date

-- :name mailbox
SELECT recipient_type, bytes_used, quota_bytes, items, last_activity_date, has_archive, report_refresh_date
FROM mailboxes WHERE user_no = $number

-- :name onedrive
SELECT bytes_used, bytes_allocated, files, last_activity_date, site_url, report_refresh_date
FROM onedrives WHERE user_no = $number

-- :name sign_ins
SELECT last_sign_in_at, last_non_interactive_sign_in_at, last_successful_sign_in_at
FROM sign_ins WHERE user_no = $number

-- :name applications
SELECT e.id, coalesce(e.display_name, e.app_id, e.id), a.created_at
FROM {assignments} a JOIN enterprise_applications e ON e.id = a.application_id
WHERE a.principal_id = $id ORDER BY lower(e.display_name), e.id

-- :name first_import
SELECT min(imported_at) FROM imports
