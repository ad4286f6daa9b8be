-- What a version file holds. Current tables carry valid_from (the import that brought the row); what was
-- there before stands in the table of the same name with _history. user_no is ours: small, and stable for a user's id.

-- :name tables
CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR);
CREATE TABLE imports (
    import_no INTEGER NOT NULL, imported_at TIMESTAMP NOT NULL, package_started_at TIMESTAMP, connection VARCHAR,
    package_by VARCHAR, users_total BIGINT, users_added BIGINT, users_removed BIGINT, users_changed BIGINT
);
CREATE TABLE dataset_state (
    dataset VARCHAR NOT NULL, outcome VARCHAR NOT NULL, attempted_at TIMESTAMP, problem VARCHAR, permission VARCHAR,
    remedy VARCHAR, checksum VARCHAR, row_count BIGINT, refresh_date DATE, collected_at TIMESTAMP
);
CREATE TABLE report_matching (dataset VARCHAR NOT NULL, row_count BIGINT, matched BIGINT, unmatched BIGINT);
CREATE TABLE daily_counts (date DATE NOT NULL, name VARCHAR NOT NULL, key VARCHAR NOT NULL, value BIGINT);

CREATE TABLE people (user_no INTEGER NOT NULL, id VARCHAR NOT NULL);
CREATE TABLE users (
    user_no INTEGER NOT NULL, id VARCHAR NOT NULL, user_principal_name VARCHAR, display_name VARCHAR,
    given_name VARCHAR, surname VARCHAR, mail VARCHAR, other_mails VARCHAR[], proxy_addresses VARCHAR[],
    account_enabled BOOLEAN, user_type VARCHAR, created_at TIMESTAMP, department VARCHAR, job_title VARCHAR,
    company_name VARCHAR, country VARCHAR, city VARCHAR, office_location VARCHAR, usage_location VARCHAR,
    employee_id VARCHAR, employee_type VARCHAR, cost_center VARCHAR, on_premises_sync_enabled BOOLEAN, external_user_state VARCHAR,
    last_password_change_at TIMESTAMP, manager_id VARCHAR, manager_name VARCHAR,
    manager_user_principal_name VARCHAR, valid_from TIMESTAMP NOT NULL,
    -- Not part of a user's history: the hash of the raw line, the set of products held,
    -- what is known of activity: its latest day, and a bit per application (1 << slot) that was ever used;
    -- and what a search looks into, in lower case, a line each.
    line_hash UHUGEINT, set_no INTEGER, last_activity_date DATE, active_since DATE, used BIGINT, search_text VARCHAR
);
CREATE TABLE users_history AS
    SELECT * EXCLUDE (line_hash, set_no, last_activity_date, active_since, used, search_text),
        NULL::TIMESTAMP AS valid_to FROM users;

CREATE TABLE assignments (
    user_no INTEGER NOT NULL, sku_id VARCHAR NOT NULL, source VARCHAR NOT NULL, group_id VARCHAR, state VARCHAR,
    error VARCHAR, disabled_plans VARCHAR[], assigned_at TIMESTAMP, counted BOOLEAN, valid_from TIMESTAMP NOT NULL
);
CREATE TABLE assignments_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM assignments;
-- Users hold one of few sets of products: a set has a row per product; set 0 is the empty one.
CREATE TABLE license_sets (set_no INTEGER NOT NULL, key VARCHAR, sku_id VARCHAR NOT NULL, disabled_plans VARCHAR[]);
-- The applications (slots) that a set of products entitles to, plans that are switched off left out.
CREATE TABLE entitled_sets (set_no INTEGER NOT NULL, slot SMALLINT NOT NULL);
CREATE TABLE license_set_names (set_no INTEGER NOT NULL, licenses VARCHAR[], license_count INTEGER);

CREATE TABLE licenses (
    sku_id VARCHAR NOT NULL, sku_part_number VARCHAR, applies_to VARCHAR, status VARCHAR, purchased BIGINT,
    warning BIGINT, suspended BIGINT, locked_out BIGINT, consumed_units BIGINT, subscription_ids VARCHAR[],
    valid_from TIMESTAMP NOT NULL
);
CREATE TABLE licenses_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM licenses;
-- Every product that was ever there, by the name it has now or had last.
CREATE TABLE product_names (sku_id VARCHAR NOT NULL, sku_part_number VARCHAR, product_name VARCHAR);
CREATE TABLE service_plans (
    sku_id VARCHAR NOT NULL, plan_id VARCHAR NOT NULL, plan_name VARCHAR, provisioning_status VARCHAR,
    applies_to VARCHAR, valid_from TIMESTAMP NOT NULL
);
CREATE TABLE service_plans_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM service_plans;
CREATE TABLE subscriptions (
    id VARCHAR NOT NULL, commerce_subscription_id VARCHAR, sku_id VARCHAR, sku_part_number VARCHAR, status VARCHAR,
    is_trial BOOLEAN, created_at TIMESTAMP, next_lifecycle_at TIMESTAMP, total_licenses BIGINT,
    valid_from TIMESTAMP NOT NULL
);
CREATE TABLE subscriptions_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM subscriptions;
CREATE TABLE license_groups (
    id VARCHAR NOT NULL, display_name VARCHAR, group_types VARCHAR[], security_enabled BOOLEAN,
    mail_enabled BOOLEAN, membership_rule VARCHAR, sku_ids VARCHAR[], processing_state VARCHAR,
    valid_from TIMESTAMP NOT NULL
);
CREATE TABLE license_groups_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM license_groups;
CREATE TABLE enterprise_applications (
    id VARCHAR NOT NULL, app_id VARCHAR, display_name VARCHAR, publisher VARCHAR, account_enabled BOOLEAN,
    assignment_required BOOLEAN, owner_tenant_id VARCHAR, service_principal_type VARCHAR, tags VARCHAR[],
    valid_from TIMESTAMP NOT NULL
);
CREATE TABLE enterprise_applications_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM enterprise_applications;
CREATE TABLE application_assignments (
    id VARCHAR NOT NULL, application_id VARCHAR, app_role_id VARCHAR, principal_id VARCHAR, principal_type VARCHAR,
    principal_name VARCHAR, created_at TIMESTAMP, valid_from TIMESTAMP NOT NULL
);
CREATE TABLE application_assignments_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM application_assignments;

-- bit is 1 << slot where platform is All, else 0.
CREATE TABLE slots (slot SMALLINT NOT NULL, application VARCHAR NOT NULL, platform VARCHAR NOT NULL, bit BIGINT);
CREATE TABLE usage (
    user_no INTEGER NOT NULL, slot SMALLINT NOT NULL, last_activity_date DATE, active_since DATE,
    active_within_days SMALLINT, report_refresh_date DATE, valid_from TIMESTAMP NOT NULL
);
CREATE TABLE usage_history AS SELECT *, NULL::TIMESTAMP AS valid_to FROM usage;
-- What the last import of usage was told of each user, as a hash without the reports' dates; and those dates. Both are
-- empty where the next import must not count on them.
CREATE TABLE usage_content (user_no INTEGER NOT NULL, content UBIGINT NOT NULL);
CREATE TABLE usage_reports (dataset VARCHAR NOT NULL, refresh_date DATE NOT NULL);
CREATE TABLE app_usage_users (
    user_no INTEGER NOT NULL, last_activation_date DATE, last_activity_date DATE, report_refresh_date DATE
);
CREATE TABLE activations (
    user_no INTEGER NOT NULL, product VARCHAR, last_activated_date DATE, windows BIGINT, mac BIGINT,
    windows_10_mobile BIGINT, ios BIGINT, android BIGINT, shared_computer BOOLEAN, report_refresh_date DATE
);
CREATE TABLE mailboxes (
    user_no INTEGER NOT NULL, recipient_type VARCHAR, created_date DATE, last_activity_date DATE, items BIGINT,
    bytes_used BIGINT, quota_bytes BIGINT, has_archive BOOLEAN, report_refresh_date DATE
);
CREATE TABLE onedrives (
    user_no INTEGER NOT NULL, site_url VARCHAR, last_activity_date DATE, files BIGINT, active_files BIGINT,
    bytes_used BIGINT, bytes_allocated BIGINT, report_refresh_date DATE
);
CREATE TABLE copilot_usage (
    user_no INTEGER NOT NULL, last_activity_date DATE, chat_date DATE, teams_date DATE, word_date DATE,
    excel_date DATE, powerpoint_date DATE, outlook_date DATE, onenote_date DATE, loop_date DATE,
    report_refresh_date DATE
);
CREATE TABLE sign_ins (
    user_no INTEGER NOT NULL, last_sign_in_at TIMESTAMP, last_non_interactive_sign_in_at TIMESTAMP,
    last_successful_sign_in_at TIMESTAMP
);
CREATE TABLE license_summary (
    sku_id VARCHAR NOT NULL, sku_part_number VARCHAR, product_name VARCHAR, applies_to VARCHAR, status VARCHAR,
    purchased BIGINT, assigned BIGINT, available BIGINT, warning BIGINT, suspended BIGINT, locked_out BIGINT,
    renewal_date DATE, active_90 BIGINT, inactive_90 BIGINT, never_active BIGINT, report_refresh_date DATE
);
CREATE TABLE application_summary (
    id VARCHAR NOT NULL, application VARCHAR, kind VARCHAR, publisher VARCHAR, entitled_users BIGINT, active_7 BIGINT,
    active_30 BIGINT, active_90 BIGINT, active_180 BIGINT, never_active BIGINT, last_activity_date DATE,
    report_refresh_date DATE
);

-- :name views
CREATE OR REPLACE VIEW holdings AS
    SELECT u.user_no, s.sku_id, s.disabled_plans FROM users u JOIN license_sets s USING (set_no);
CREATE OR REPLACE VIEW usage_rows AS
    SELECT p.id AS user_id, s.application, s.platform, u.last_activity_date, u.active_since, u.active_within_days,
        u.report_refresh_date, u.valid_from
    FROM usage u JOIN people p USING (user_no) JOIN slots s USING (slot);
CREATE OR REPLACE MACRO users_as_of(moment) AS TABLE
    SELECT * EXCLUDE (line_hash, set_no, last_activity_date, active_since, used, search_text),
        NULL::TIMESTAMP AS valid_to
    FROM users WHERE valid_from <= moment
    UNION ALL BY NAME
    SELECT * FROM users_history WHERE valid_from <= moment AND moment < valid_to;
CREATE OR REPLACE MACRO assignments_as_of(moment) AS TABLE
    SELECT p.id AS user_id, a.*, NULL::TIMESTAMP AS valid_to FROM assignments a JOIN people p USING (user_no)
    WHERE a.valid_from <= moment
    UNION ALL BY NAME
    SELECT p.id AS user_id, a.* FROM assignments_history a JOIN people p USING (user_no)
    WHERE a.valid_from <= moment AND moment < a.valid_to;
CREATE OR REPLACE MACRO licenses_as_of(moment) AS TABLE
    SELECT *, NULL::TIMESTAMP AS valid_to FROM licenses WHERE valid_from <= moment
    UNION ALL BY NAME
    SELECT * FROM licenses_history WHERE valid_from <= moment AND moment < valid_to;

-- :name comments
COMMENT ON TABLE users IS 'An account. user_no is ours: small, and stable for a user''s id.';
COMMENT ON TABLE assignments IS 'One way in which a product came to a user; counted where assignedLicenses has the product.';
COMMENT ON TABLE licenses IS 'A subscribed product, with what was bought.';
COMMENT ON TABLE service_plans IS 'A service plan of a product.';
COMMENT ON TABLE subscriptions IS 'What was bought, and when its term changes.';
COMMENT ON TABLE license_groups IS 'A group that assigns licenses.';
COMMENT ON TABLE enterprise_applications IS 'An enterprise application of the tenant.';
COMMENT ON TABLE application_assignments IS 'Who was assigned to an enterprise application: a user, group or service principal, and a role.';
COMMENT ON TABLE usage IS 'A user''s activity in an application on a platform (slot); its history has a row a month.';
COMMENT ON TABLE usage_content IS 'A hash of what the reports told last of a user''s activity.';
COMMENT ON TABLE usage_reports IS 'The reports that usage_content is made from, and their dates.';
COMMENT ON TABLE license_summary IS 'What the listing of licenses shows.';
COMMENT ON TABLE application_summary IS 'What the listing of applications shows.';
COMMENT ON TABLE license_sets IS 'A product of one of the sets of products that users hold (users.set_no).';
COMMENT ON TABLE license_set_names IS 'The part numbers of a set of products.';
COMMENT ON TABLE entitled_sets IS 'An application (slot) that a set of products entitles to.';
COMMENT ON TABLE daily_counts IS 'A number of a day: name, of key (a product, an application, or a kind of users).';
COMMENT ON TABLE product_names IS 'Every product that was ever there, by the name it has now or had last.';
COMMENT ON TABLE mailboxes IS 'What the report of mailboxes says of a user.';
COMMENT ON TABLE onedrives IS 'What the report of OneDrives says of a user.';
COMMENT ON TABLE activations IS 'What the report of activations says of a user and a product.';
COMMENT ON TABLE copilot_usage IS 'What the report of Copilot says of a user.';
COMMENT ON TABLE sign_ins IS 'When a user signed in last.';
COMMENT ON TABLE app_usage_users IS 'What the report of Microsoft 365 apps says of a user over all apps.';
COMMENT ON TABLE slots IS 'An application on a platform, by the number that usage uses.';
COMMENT ON TABLE imports IS 'An import: when, and what it changed.';
COMMENT ON TABLE dataset_state IS 'How the last attempt at a dataset ended, and of when the data is that is here.';
COMMENT ON TABLE report_matching IS 'How many rows of a report matched a user.';
COMMENT ON TABLE people IS 'The number of every user who ever was there.';
COMMENT ON TABLE meta IS 'Whose inventory it is, and the number of its schema.';
COMMENT ON VIEW holdings IS 'A product that a user holds, however it came.';
COMMENT ON VIEW usage_rows IS 'Usage with the user''s id and the application''s name.'

-- :name meta
SELECT key, value FROM meta

-- :name forget_meta
DELETE FROM meta WHERE key IN (SELECT unnest($keys::VARCHAR[]))

-- :name set_meta
INSERT INTO meta SELECT unnest($keys::VARCHAR[]), unnest($values::VARCHAR[])

-- :name last_import
SELECT coalesce(max(import_no), 0), max(imported_at) FROM imports

-- :name log_import
INSERT INTO imports VALUES ($number, $now, $started, $connection, $by, $total, $added, $removed, $changed)
