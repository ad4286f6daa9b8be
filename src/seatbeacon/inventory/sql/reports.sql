-- Reports: from CSV to staged rows that know their user. What the columns are called stands in the package's schemas.

-- :name stage
-- Taking blanks off every name would take longer than reading the report: names with one inside are few.
CREATE OR REPLACE TEMP TABLE {stage} AS
SELECT u.user_no, r.* EXCLUDE (upn_hash)
FROM (
    SELECT {columns}, ({uncastable})::INTEGER AS uncastable,
        hash(lower(CASE WHEN contains({principal}, ' ') THEN trim({principal}) ELSE {principal} END)) AS upn_hash
    FROM read_csv($path, columns = {names}, delim = ',', quote = '"', escape = '"', header = true, auto_detect = false,
        max_line_size = $line_size, null_padding = {lenient}, parallel = {parallel}) r
) r LEFT JOIN upns u USING (upn_hash)

-- :name join_as_written
-- A CSV file's length is not known in advance, and the optimizer takes it for short: it would keep the report in
-- memory and let the users stream by.
SET disabled_optimizers = 'join_order,build_side_probe_side'

-- :name join_as_you_like
SET disabled_optimizers = ''

-- :name facts
SELECT count(*), count(user_no), count(*) FILTER (uncastable > 0), max(report_refresh_date) FROM {stage}

-- :name only_matched
DELETE FROM {stage} WHERE user_no IS NULL

-- :name repeated
SELECT count(*) - count(DISTINCT user_no) FROM {stage}

-- :name one_per_user
DELETE FROM {stage} WHERE rowid NOT IN (
    SELECT arg_max(rowid, coalesce({best}, '1900-01-01'::DATE)) FROM {stage} GROUP BY user_no
)

-- :name matching_forgotten
DELETE FROM report_matching WHERE dataset IN (SELECT unnest($datasets::VARCHAR[]))

-- :name matching
INSERT INTO report_matching
SELECT dataset, rows, matched, rows - matched
FROM (SELECT unnest($datasets::VARCHAR[]) AS dataset, unnest($rows::BIGINT[]) AS rows, unnest($matched::BIGINT[]) AS matched)

-- :name forget_rows
DELETE FROM {table}

-- :name forget_gone
DELETE FROM {table} WHERE user_no IN (SELECT user_no FROM touched WHERE gone)

-- :name activations
INSERT INTO activations
SELECT user_no, product_type, last_activated_date, windows, mac, windows_10_mobile, ios, android,
    activated_on_shared_computer, report_refresh_date
FROM report_activations

-- :name mailboxUsage
INSERT INTO mailboxes
SELECT user_no, recipient_type, created_date, last_activity_date, item_count, storage_used_byte,
    prohibit_send_receive_quota_byte, has_archive, report_refresh_date
FROM report_mailboxUsage WHERE is_deleted IS NOT TRUE

-- :name oneDriveUsage
INSERT INTO onedrives
SELECT user_no, site_url, last_activity_date, file_count, active_file_count, storage_used_byte,
    storage_allocated_byte, report_refresh_date
FROM report_oneDriveUsage WHERE is_deleted IS NOT TRUE

-- :name copilotUsage
INSERT INTO copilot_usage
SELECT user_no, last_activity_date, copilot_chat_last_activity_date, microsoft_teams_copilot_last_activity_date,
    word_copilot_last_activity_date, excel_copilot_last_activity_date, powerpoint_copilot_last_activity_date,
    outlook_copilot_last_activity_date, onenote_copilot_last_activity_date, loop_copilot_last_activity_date,
    report_refresh_date
FROM report_copilotUsage
