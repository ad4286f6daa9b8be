-- What is known about each dataset.

-- :name all
SELECT dataset, outcome, attempted_at, problem, permission, remedy, checksum, row_count, refresh_date, collected_at
FROM dataset_state ORDER BY dataset

-- :name forget
DELETE FROM dataset_state WHERE dataset IN (SELECT unnest($dataset::VARCHAR[]))

-- :name add
INSERT INTO dataset_state
SELECT unnest($dataset::VARCHAR[]), unnest($outcome::VARCHAR[]), unnest($attempted_at::TIMESTAMP[]),
    unnest($problem::VARCHAR[]), unnest($permission::VARCHAR[]), unnest($remedy::VARCHAR[]), unnest($checksum::VARCHAR[]),
    unnest($row_count::BIGINT[]), unnest($refresh_date::DATE[]), unnest($collected_at::TIMESTAMP[])
