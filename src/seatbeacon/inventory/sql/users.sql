-- From users.ndjson to users, assignments and holdings. A line whose hash is known is not decoded again.

-- :name match_lines
CREATE OR REPLACE TEMP TABLE lines AS
SELECT h.line_hash, u.user_no, CASE WHEN u.user_no IS NULL THEN h.line END AS line
FROM (
    SELECT line, md5_number(line) AS line_hash
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, new_line = '\n', max_line_size = $line_size)
    WHERE line <> ''
) h LEFT JOIN users u USING (line_hash)

-- :name decode_changed
CREATE OR REPLACE TEMP TABLE decoded AS
SELECT line_hash, unnest(from_json(line, $structure)) FROM lines WHERE user_no IS NULL

-- :name drop_text
ALTER TABLE lines DROP COLUMN line

-- :name decode_all
CREATE OR REPLACE TEMP TABLE decoded AS
SELECT md5_number(line) AS line_hash, unnest(from_json(line, $structure))
FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
    auto_detect = false, new_line = '\n', max_line_size = $line_size)
WHERE line <> ''

-- :name no_lines
CREATE OR REPLACE TEMP TABLE lines AS SELECT NULL::UHUGEINT AS line_hash, NULL::INTEGER AS user_no LIMIT 0

-- :name without_id
SELECT count(*) FROM decoded WHERE id IS NULL OR id = ''

-- :name new_people
CREATE OR REPLACE TEMP TABLE new_people AS
SELECT ((SELECT coalesce(max(user_no), 0) FROM people) + row_number() OVER ())::INTEGER AS user_no, id
FROM (SELECT DISTINCT d.id FROM decoded d WHERE NOT EXISTS (SELECT 1 FROM people p WHERE p.id = d.id))

-- :name arrivals
CREATE OR REPLACE TEMP TABLE arrivals AS
SELECT n.user_no, d.line_hash, TRUE AS decoded
FROM decoded d JOIN (SELECT user_no, id FROM people UNION ALL SELECT user_no, id FROM new_people) n USING (id)
UNION ALL
SELECT user_no, line_hash, FALSE FROM lines WHERE user_no IS NOT NULL

-- :name repeated
SELECT count(*) - count(DISTINCT user_no) FROM arrivals

-- :name line_order
CREATE OR REPLACE TEMP TABLE line_order AS
WITH numbered AS (
    SELECT md5_number(line) AS line_hash, row_number() OVER () AS line_no
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, new_line = '\n', max_line_size = $line_size, parallel = false)
), repeated AS (
    SELECT user_no FROM arrivals GROUP BY user_no HAVING count(*) > 1
)
SELECT line_hash, max(line_no) AS line_no FROM numbered
WHERE line_hash IN (SELECT line_hash FROM arrivals WHERE user_no IN (SELECT user_no FROM repeated))
GROUP BY line_hash

-- :name last_arrivals
CREATE OR REPLACE TEMP TABLE last_arrivals AS
SELECT user_no, arg_max(line_hash, coalesce(line_no, 0)) AS line_hash,
    arg_max(decoded, coalesce(line_no, 0)) AS decoded
FROM arrivals LEFT JOIN line_order USING (line_hash) GROUP BY user_no

-- :name keep_last_arrivals
CREATE OR REPLACE TEMP TABLE arrivals AS SELECT * FROM last_arrivals

-- :name decoded_once
DELETE FROM decoded WHERE rowid NOT IN (SELECT min(rowid) FROM decoded GROUP BY line_hash)

-- :name touched
CREATE OR REPLACE TEMP TABLE touched AS
SELECT user_no, FALSE AS gone FROM arrivals WHERE decoded
UNION ALL
SELECT user_no, TRUE FROM users WHERE user_no NOT IN (SELECT user_no FROM arrivals)

-- :name touched_counts
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM touched WHERE gone)

-- :name upns
CREATE OR REPLACE TEMP TABLE upns AS
SELECT lower(d.userPrincipalName) AS upn, min(a.user_no) AS user_no
FROM arrivals a JOIN decoded d USING (line_hash) WHERE a.decoded AND d.userPrincipalName LIKE '%@%' GROUP BY upn
UNION ALL
SELECT lower(u.user_principal_name), min(u.user_no)
FROM users u JOIN arrivals a USING (user_no) WHERE NOT a.decoded AND u.user_principal_name LIKE '%@%'
GROUP BY ALL

-- :name new_names
SELECT count(*) FROM upns n
WHERE NOT EXISTS (
    SELECT 1 FROM users u WHERE u.user_no = n.user_no AND lower(u.user_principal_name) = n.upn
)

-- :name holdings_stage
CREATE OR REPLACE TEMP TABLE holdings_stage AS
SELECT user_no, sku_id, any_value(disabled_plans) AS disabled_plans
FROM (
    SELECT user_no, lower(l.skuId) AS sku_id, list_sort(coalesce(l.disabledPlans, [])) AS disabled_plans
    FROM (
        SELECT a.user_no, unnest(d.assignedLicenses) AS l
        FROM arrivals a JOIN decoded d USING (line_hash) WHERE a.decoded
    )
)
WHERE sku_id IS NOT NULL
GROUP BY user_no, sku_id

-- :name states_stage
CREATE OR REPLACE TEMP TABLE states_stage AS
SELECT user_no, sku_id, group_id, unnest(arg_max(state, coalesce(state.assigned_at, '1900-01-01'::TIMESTAMP)))
FROM (
    SELECT user_no, lower(s.skuId) AS sku_id, lower(s.assignedByGroup) AS group_id,
        struct_pack(
            state := s.state, error := nullif(s.error, 'None'),
            disabled_plans := list_sort(coalesce(s.disabledPlans, [])), assigned_at := s.lastUpdatedDateTime
        ) AS state
    FROM (
        SELECT a.user_no, unnest(d.licenseAssignmentStates) AS s
        FROM arrivals a JOIN decoded d USING (line_hash) WHERE a.decoded
    )
)
WHERE sku_id IS NOT NULL
GROUP BY user_no, sku_id, group_id

-- :name assignments_stage
CREATE OR REPLACE TEMP TABLE assignments_stage AS
SELECT s.user_no, s.sku_id, CASE WHEN s.group_id IS NULL THEN 'direct' ELSE 'group' END AS source, s.group_id,
    s.state, s.error, s.disabled_plans, s.assigned_at, h.user_no IS NOT NULL AS counted
FROM states_stage s LEFT JOIN holdings_stage h USING (user_no, sku_id)
UNION ALL
SELECT h.user_no, h.sku_id, 'unknown', NULL, NULL, NULL, h.disabled_plans, NULL, TRUE
FROM holdings_stage h ANTI JOIN states_stage s USING (user_no, sku_id)

-- :name lists_stage
CREATE OR REPLACE TEMP TABLE lists_stage AS
SELECT h.user_no, list(n.sku_part_number ORDER BY n.sku_part_number) AS licenses, count(*)::INTEGER AS license_count
FROM holdings_stage h JOIN license_names n USING (sku_id) GROUP BY h.user_no

-- :name users_stage
CREATE OR REPLACE TEMP VIEW users_stage AS
SELECT a.user_no, d.id, d.userPrincipalName AS user_principal_name, d.displayName AS display_name,
    d.givenName AS given_name, d.surname, d.mail, coalesce(d.otherMails, []) AS other_mails,
    list_sort(coalesce(d.proxyAddresses, [])) AS proxy_addresses, d.accountEnabled AS account_enabled,
    d.userType AS user_type, d.createdDateTime AS created_at, d.department, d.jobTitle AS job_title,
    d.companyName AS company_name, d.country, d.city, d.officeLocation AS office_location,
    d.usageLocation AS usage_location, d.employeeId AS employee_id, d.employeeType AS employee_type,
    d.onPremisesSyncEnabled AS on_premises_sync_enabled, d.externalUserState AS external_user_state,
    d.lastPasswordChangeDateTime AS last_password_change_at, d.manager.id AS manager_id,
    d.manager.displayName AS manager_name, d.manager.userPrincipalName AS manager_user_principal_name,
    d.line_hash, coalesce(l.licenses, []) AS licenses, coalesce(l.license_count, 0) AS license_count,
    t.last_activity_date, t.active_since
FROM arrivals a JOIN decoded d USING (line_hash)
LEFT JOIN lists_stage l ON l.user_no = a.user_no
LEFT JOIN activity t ON t.user_no = a.user_no
WHERE a.decoded

-- :name add_people
INSERT INTO people BY NAME SELECT user_no, id FROM new_people

-- :name forget_holdings
DELETE FROM holdings WHERE user_no IN (SELECT user_no FROM touched)

-- :name add_holdings
INSERT INTO holdings BY NAME SELECT user_no, sku_id, disabled_plans FROM holdings_stage

-- :name refresh_lines
UPDATE users SET line_hash = s.line_hash, licenses = s.licenses, license_count = s.license_count
FROM users_stage s
WHERE users.user_no = s.user_no
    AND ROW(users.line_hash, users.licenses) IS DISTINCT FROM ROW(s.line_hash, s.licenses)

-- :name refresh_activity
UPDATE users SET last_activity_date = t.last_activity_date, active_since = t.active_since
FROM activity t
WHERE users.user_no = t.user_no
    AND (users.last_activity_date IS DISTINCT FROM t.last_activity_date OR users.active_since IS DISTINCT FROM t.active_since)

-- :name renamed_lists
CREATE OR REPLACE TEMP TABLE renamed_lists AS
SELECT h.user_no, list(n.sku_part_number ORDER BY n.sku_part_number) AS licenses
FROM holdings h JOIN license_names n USING (sku_id)
WHERE h.user_no IN (SELECT user_no FROM holdings JOIN renamed_licenses USING (sku_id))
GROUP BY h.user_no

-- :name refresh_renamed
UPDATE users SET licenses = r.licenses FROM renamed_lists r
WHERE users.user_no = r.user_no AND users.licenses IS DISTINCT FROM r.licenses

-- :name bad_line
WITH numbered AS (
    SELECT line, row_number() OVER () AS line_no
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, new_line = '\n', max_line_size = $line_size, parallel = false, null_padding = true)
)
SELECT min(line_no) FROM numbered
WHERE line <> '' AND (NOT json_valid(line) OR coalesce(json_extract_string(CASE WHEN json_valid(line) THEN line END, '$.id'), '') = '')
