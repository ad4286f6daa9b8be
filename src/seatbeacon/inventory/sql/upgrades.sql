-- How the tables of a version file became what schema.sql makes today. Block to_N takes a file of schema N - 1 to N;
-- each stands for good once it was released, and the newest N is the number that new files bear (meta, schema_version).
-- A change of the tables in schema.sql needs its block here; columns may come in another order than there, since rows
-- are added by name. Where data is only computed at an import (the summaries), the next import fills it.

-- :name to_2
CREATE TABLE product_names (sku_id VARCHAR NOT NULL, sku_part_number VARCHAR, product_name VARCHAR);
INSERT INTO product_names
SELECT sku_id, arg_max(sku_part_number, now), arg_max(product_name, now)
FROM (
    SELECT sku_id, sku_part_number, product_name, TRUE AS now FROM license_summary
    UNION ALL SELECT sku_id, sku_part_number, sku_part_number, FALSE FROM licenses_history
) GROUP BY sku_id

-- :name to_3
CREATE TABLE entitled_sets (set_no INTEGER NOT NULL, slot SMALLINT NOT NULL)

-- :name to_4
ALTER TABLE users ADD COLUMN search_text VARCHAR;
UPDATE users SET search_text = lower(concat_ws(chr(10), user_principal_name, display_name,
    nullif(lower(mail), lower(user_principal_name)), department, job_title, employee_id))

-- :name to_5
ALTER TABLE dataset_state RENAME COLUMN sha256 TO checksum;
UPDATE dataset_state SET checksum = 'sha256:' || checksum

-- :name to_6
ALTER TABLE users ADD COLUMN cost_center VARCHAR;
ALTER TABLE users_history ADD COLUMN cost_center VARCHAR

-- :name to_7
CREATE TABLE usage_content (user_no INTEGER NOT NULL, content UBIGINT NOT NULL);
CREATE TABLE usage_reports (dataset VARCHAR NOT NULL, refresh_date DATE NOT NULL)
