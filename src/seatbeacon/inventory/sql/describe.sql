-- What a version holds, for a person who asks.

-- :name tenant
SELECT max(value) FILTER (key = 'tenant_id'), max(value) FILTER (key = 'tenant_name') FROM meta

-- :name imports
SELECT import_no, imported_at, package_started_at, connection, users_total, users_added, users_removed, users_changed
FROM imports ORDER BY import_no DESC

-- :name totals
SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM license_summary), (SELECT count(*) FROM assignments),
    (SELECT count(*) FROM application_summary), (SELECT count(*) FROM usage)

-- :name datasets
SELECT d.dataset, d.outcome, d.attempted_at, d.collected_at, d.refresh_date, d.row_count, m.matched, m.unmatched,
    d.problem, d.permission, d.remedy
FROM dataset_state d LEFT JOIN report_matching m USING (dataset) ORDER BY d.dataset
