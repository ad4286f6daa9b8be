-- What is known about each dataset.

-- :name all
SELECT dataset, outcome, attempted_at, problem, permission, remedy, checksum, row_count, refresh_date, collected_at
FROM dataset_state ORDER BY dataset

-- :name forget
DELETE FROM dataset_state WHERE dataset = $dataset

-- :name add
INSERT INTO dataset_state
VALUES ($dataset, $outcome, $attempted_at, $problem, $permission, $remedy, $checksum, $rows, $refresh, $collected_at)
