-- From users.ndjson to users, assignments and holdings. A line whose hash is known is not decoded again.
-- The hash is DuckDB's own with the line's length (MD5 takes a quarter of the decoding). That a changed line is taken for
-- a known one has a chance of 1 in 10^9 in an import of a million users with 1 % changes; where another DuckDB hashes
-- otherwise, all lines are decoded once more.

-- :name match_lines
CREATE OR REPLACE TEMP TABLE lines AS
SELECT h.line_hash, u.user_no, CASE WHEN u.user_no IS NULL THEN h.line END AS line
FROM (
    SELECT line, (hash(line)::UHUGEINT << 24) + strlen(line) AS line_hash
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
SELECT (hash(line)::UHUGEINT << 24) + strlen(line) AS line_hash, unnest(from_json(line, $structure))
FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
    auto_detect = false, new_line = '\n', max_line_size = $line_size)
WHERE line <> ''

-- :name no_lines
CREATE OR REPLACE TEMP TABLE lines AS SELECT NULL::UHUGEINT AS line_hash, NULL::INTEGER AS user_no LIMIT 0

-- :name without_id
SELECT count(*) FROM decoded WHERE id IS NULL OR id = ''

-- :name base
SELECT coalesce(max(user_no), 0) FROM people

-- :name raw_sets
CREATE OR REPLACE TEMP TABLE raw_sets AS
SELECT DISTINCT assignedLicenses::VARCHAR AS raw FROM decoded WHERE assignedLicenses IS NOT NULL

-- :name set_entries
CREATE OR REPLACE TEMP TABLE set_entries AS
SELECT raw, lower(held.skuId) AS sku_id,
    any_value(list_sort([lower(plan) FOR plan IN coalesce(held.disabledPlans, [])])) AS disabled_plans
FROM (SELECT raw, unnest(from_json(raw, $structure)) AS held FROM raw_sets)
WHERE held.skuId IS NOT NULL
GROUP BY raw, lower(held.skuId)

-- :name set_keys
CREATE OR REPLACE TEMP TABLE set_keys AS
SELECT raw, string_agg(sku_id || ':' || array_to_string(disabled_plans, '+'), ',' ORDER BY sku_id) AS key
FROM set_entries GROUP BY raw

-- :name new_sets
CREATE OR REPLACE TEMP TABLE new_sets AS
SELECT ((SELECT coalesce(max(set_no), 0) FROM license_sets) + row_number() OVER (ORDER BY key))::INTEGER AS set_no, key,
    min(raw) AS raw
FROM set_keys WHERE key NOT IN (SELECT key FROM license_sets) GROUP BY key

-- :name sets_of_raw
CREATE OR REPLACE TEMP TABLE sets_of_raw AS
SELECT k.raw, n.set_no
FROM set_keys k JOIN (SELECT set_no, key FROM new_sets UNION SELECT set_no, key FROM license_sets) n USING (key)

-- :name sets_stage
CREATE OR REPLACE TEMP TABLE sets_stage AS
SELECT n.set_no, n.key, e.sku_id, e.disabled_plans FROM new_sets n JOIN set_entries e USING (raw)
UNION ALL
SELECT set_no, key, sku_id, disabled_plans FROM license_sets

-- :name held_skus
CREATE OR REPLACE TEMP TABLE held_skus AS SELECT set_no, list(sku_id) AS skus FROM sets_stage GROUP BY set_no

-- :name arrivals
CREATE OR REPLACE TEMP TABLE arrivals AS
SELECT coalesce(p.user_no, $base + 1 + d.rowid)::INTEGER AS user_no, d.rowid AS row_id, d.line_hash,
    coalesce(r.set_no, 0) AS set_no, p.user_no IS NULL AS is_new, hash(d.id) AS id_hash, TRUE AS decoded
FROM decoded d LEFT JOIN people p USING (id) LEFT JOIN sets_of_raw r ON r.raw = d.assignedLicenses::VARCHAR
UNION ALL
SELECT l.user_no, NULL, l.line_hash, NULL, FALSE, NULL, FALSE FROM lines l WHERE l.user_no IS NOT NULL

-- :name repeated
SELECT (count(*) - count(DISTINCT user_no)) + (count(*) FILTER (is_new) - count(DISTINCT id_hash) FILTER (is_new))
FROM arrivals

-- :name line_order
CREATE OR REPLACE TEMP TABLE line_order AS
SELECT line_hash, max(line_no) AS line_no
FROM (
    SELECT (hash(line)::UHUGEINT << 24) + strlen(line) AS line_hash, row_number() OVER () AS line_no
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, new_line = '\n', max_line_size = $line_size, parallel = false)
)
GROUP BY line_hash

-- :name last_arrivals
CREATE OR REPLACE TEMP TABLE last_arrivals AS
WITH same AS (
    -- One number per id: two lines of a person who is new were given two.
    SELECT a.* REPLACE (min(a.user_no) OVER (PARTITION BY coalesce(d.id, p.id)) AS user_no), o.line_no
    FROM arrivals a LEFT JOIN decoded d ON d.rowid = a.row_id LEFT JOIN people p ON p.user_no = a.user_no
    LEFT JOIN line_order o ON o.line_hash = a.line_hash
)
SELECT * EXCLUDE (line_no) FROM same
QUALIFY row_number() OVER (PARTITION BY user_no ORDER BY line_no DESC, row_id) = 1

-- :name keep_last_arrivals
CREATE OR REPLACE TEMP TABLE arrivals AS SELECT * FROM last_arrivals

-- :name touched
CREATE OR REPLACE TEMP TABLE touched AS
SELECT user_no, FALSE AS gone FROM arrivals WHERE decoded
UNION ALL
SELECT user_no, TRUE FROM users WHERE user_no NOT IN (SELECT user_no FROM arrivals)

-- :name touched_counts
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM touched WHERE gone)

-- :name upns
-- Reports are joined by the hash of the name, which takes two thirds of the time: that any two names of a million share
-- one has a chance of 3 in 10^8.
CREATE OR REPLACE TEMP TABLE upns AS
SELECT *, hash(upn) AS upn_hash
FROM (
    SELECT lower(d.userPrincipalName) AS upn, min(a.user_no) AS user_no
    FROM arrivals a JOIN decoded d ON d.rowid = a.row_id WHERE d.userPrincipalName LIKE '%@%' GROUP BY upn
    UNION ALL
    SELECT lower(u.user_principal_name), min(u.user_no)
    FROM users u JOIN arrivals a USING (user_no) WHERE NOT a.decoded AND u.user_principal_name LIKE '%@%'
    GROUP BY ALL
)

-- :name new_names
SELECT count(*) FROM upns n
WHERE NOT EXISTS (
    SELECT 1 FROM users u WHERE u.user_no = n.user_no AND lower(u.user_principal_name) = n.upn
)

-- :name assignments_stage
CREATE OR REPLACE TEMP TABLE assignments_stage AS
WITH states AS (
    SELECT a.user_no, a.set_no, unnest(d.licenseAssignmentStates) AS s
    FROM arrivals a JOIN decoded d ON d.rowid = a.row_id
), unlisted AS (
    SELECT user_no, set_no, unnest(list_filter(skus, lambda sku: NOT list_contains(listed, sku))) AS sku_id
    FROM (
        SELECT a.user_no, a.set_no, h.skus, [lower(s.skuId) FOR s IN coalesce(d.licenseAssignmentStates, [])] AS listed
        FROM arrivals a JOIN decoded d ON d.rowid = a.row_id JOIN held_skus h USING (set_no)
    )
    WHERE NOT list_has_all(listed, skus)
)
SELECT i.user_no, lower(s.skuId) AS sku_id, CASE WHEN s.assignedByGroup IS NULL THEN 'direct' ELSE 'group' END AS source,
    lower(s.assignedByGroup) AS group_id, s.state AS state, nullif(s.error, 'None') AS error,
    coalesce(s.disabledPlans, []) AS disabled_plans, s.lastUpdatedDateTime AS assigned_at,
    coalesce(list_contains(h.skus, lower(s.skuId)), FALSE) AS counted
FROM states i LEFT JOIN held_skus h USING (set_no)
WHERE s.skuId IS NOT NULL
UNION ALL
SELECT u.user_no, u.sku_id, 'unknown', NULL, NULL, NULL, e.disabled_plans, NULL, TRUE
FROM unlisted u JOIN sets_stage e USING (set_no, sku_id)

-- :name repeated_assignments
SELECT count(*) - count(DISTINCT hash(user_no, sku_id, source, group_id)) FROM assignments_stage

-- :name assignments_once
DELETE FROM assignments_stage WHERE rowid NOT IN (
    SELECT arg_max(rowid, coalesce(assigned_at, '1900-01-01'::TIMESTAMP)) FROM assignments_stage
    GROUP BY user_no, sku_id, source, group_id
)

-- :name users_stage
CREATE OR REPLACE TEMP {kind} users_stage AS
SELECT a.user_no, d.id, d.userPrincipalName AS user_principal_name, d.displayName AS display_name,
    d.givenName AS given_name, d.surname, d.mail, coalesce(d.otherMails, []) AS other_mails,
    list_sort(coalesce(d.proxyAddresses, [])) AS proxy_addresses, d.accountEnabled AS account_enabled,
    d.userType AS user_type, d.createdDateTime AS created_at, d.department, d.jobTitle AS job_title,
    d.companyName AS company_name, d.country, d.city, d.officeLocation AS office_location,
    d.usageLocation AS usage_location, d.employeeId AS employee_id, d.employeeType AS employee_type,
    d.employeeOrgData.costCenter AS cost_center,
    d.onPremisesSyncEnabled AS on_premises_sync_enabled, d.externalUserState AS external_user_state,
    d.lastPasswordChangeDateTime AS last_password_change_at, d.manager.id AS manager_id,
    d.manager.displayName AS manager_name, d.manager.userPrincipalName AS manager_user_principal_name,
    d.line_hash, a.set_no, t.last_activity_date, t.active_since, coalesce(t.used, 0) AS used,
    lower(concat_ws(chr(10), d.userPrincipalName, d.displayName, nullif(lower(d.mail), lower(d.userPrincipalName)),
        d.department, d.jobTitle, d.employeeId)) AS search_text
FROM arrivals a JOIN decoded d ON d.rowid = a.row_id LEFT JOIN activity t ON t.user_no = a.user_no

-- :name add_people
INSERT INTO people BY NAME
SELECT a.user_no, d.id FROM arrivals a JOIN decoded d ON d.rowid = a.row_id WHERE a.is_new

-- :name add_sets
INSERT INTO license_sets BY NAME SELECT * FROM sets_stage WHERE set_no IN (SELECT set_no FROM new_sets)

-- :name refresh_lines
UPDATE users SET line_hash = s.line_hash, set_no = s.set_no FROM arrivals s
WHERE users.user_no = s.user_no AND s.decoded
    AND (users.line_hash <> s.line_hash OR users.set_no IS DISTINCT FROM s.set_no)

-- :name refresh_activity
UPDATE users SET last_activity_date = t.last_activity_date, active_since = t.active_since, used = t.used
FROM activity t
WHERE users.user_no = t.user_no
    AND ROW(users.last_activity_date, users.active_since, users.used)
        IS DISTINCT FROM ROW(t.last_activity_date, t.active_since, t.used)

-- :name bad_line
WITH numbered AS (
    SELECT line, row_number() OVER () AS line_no
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, new_line = '\n', max_line_size = $line_size, parallel = false, null_padding = true)
)
SELECT min(line_no) FROM numbered
WHERE line <> '' AND (NOT json_valid(line) OR coalesce(json_extract_string(CASE WHEN json_valid(line) THEN line END, '$.id'), '') = '')
