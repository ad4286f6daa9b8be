-- How a current table takes a new state, and how its old rows go to history.

-- :name doomed
CREATE OR REPLACE TEMP TABLE doomed AS
SELECT c.rowid AS row_id, s.{first} IS NULL AS gone
FROM {table} c LEFT JOIN {stage} s ON {on}
WHERE {scope} AND (s.{first} IS NULL OR ROW({current}) IS DISTINCT FROM ROW({staged}))

-- :name doomed_counts
SELECT count(*) FILTER (gone), count(*) FILTER (NOT gone) FROM doomed

-- :name retire
INSERT INTO {table}_history BY NAME
SELECT {columns}, valid_from, $now::TIMESTAMP AS valid_to FROM {table}
WHERE rowid IN (SELECT row_id FROM doomed)

-- :name remove
DELETE FROM {table} WHERE rowid IN (SELECT row_id FROM doomed)

-- :name add
INSERT INTO {table} BY NAME
SELECT {inserted}, $now::TIMESTAMP AS valid_from FROM {stage} s
WHERE NOT EXISTS (SELECT 1 FROM {table} c WHERE {on})

-- :name size
SELECT count(*) FROM {table}

-- :name drop
DROP TABLE IF EXISTS {table}

-- :name drop_view
DROP VIEW IF EXISTS {table}
