-- Who used which application, on which platform, and since when that is known.
-- active_since is a day on or after which there was activity for certain: the exact date, or the first day of the
-- shortest period that says yes.

-- :name add_slots
INSERT INTO slots
WITH known AS (SELECT coalesce(max(slot), 0) AS most FROM slots), declared AS (
    SELECT unnest($applications) AS application, unnest($platforms) AS platform,
        generate_subscripts($applications::VARCHAR[], 1) AS place
), added AS (
    SELECT application, platform, (most + row_number() OVER (ORDER BY place))::SMALLINT AS slot
    FROM declared d, known
    WHERE NOT EXISTS (SELECT 1 FROM slots s WHERE s.application = d.application AND s.platform = d.platform)
)
SELECT slot, application, platform, CASE WHEN platform = 'All' THEN 1::BIGINT << slot ELSE 0 END FROM added

-- :name begin
CREATE OR REPLACE TEMP TABLE usage_stage (
    user_no INTEGER, slot SMALLINT, last_activity_date DATE, active_since DATE, active_within_days SMALLINT,
    report_refresh_date DATE, valid_from TIMESTAMP
);
CREATE OR REPLACE TEMP TABLE overlapping AS SELECT * FROM usage_stage;
CREATE OR REPLACE TEMP TABLE dates (
    user_no INTEGER, "Exchange" DATE, "Teams" DATE, "SharePoint" DATE, "OneDrive" DATE, "Viva Engage" DATE, "Copilot" DATE
);
CREATE OR REPLACE TEMP TABLE masks (user_no INTEGER, period SMALLINT, mask BIGINT);
CREATE OR REPLACE TEMP TABLE bits (bit BIGINT, slot SMALLINT, overlapping BOOLEAN);
CREATE OR REPLACE TEMP TABLE app_dates (
    user_no INTEGER, last_activation_date DATE, last_activity_date DATE, report_refresh_date DATE
);
CREATE OR REPLACE TEMP TABLE told (application VARCHAR, refresh DATE)

-- :name tell
INSERT INTO told VALUES ($application, $refresh)

-- :name add_bits
INSERT INTO bits
SELECT b.bit, s.slot, s.application = 'Teams'
FROM (SELECT unnest($bits) AS bit, unnest($applications) AS application, unnest($platforms) AS platform) b
JOIN slots s USING (application, platform)

-- :name activeUsers
INSERT INTO dates BY NAME
SELECT user_no, exchange_last_activity_date AS "Exchange", teams_last_activity_date AS "Teams",
    sharepoint_last_activity_date AS "SharePoint", onedrive_last_activity_date AS "OneDrive",
    yammer_last_activity_date AS "Viva Engage"
FROM report_activeUsers

-- :name emailActivity
INSERT INTO dates BY NAME SELECT user_no, last_activity_date AS "Exchange" FROM report_emailActivity

-- :name oneDriveActivity
INSERT INTO dates BY NAME SELECT user_no, last_activity_date AS "OneDrive" FROM report_oneDriveActivity

-- :name sharePointActivity
INSERT INTO dates BY NAME SELECT user_no, last_activity_date AS "SharePoint" FROM report_sharePointActivity

-- :name teamsActivity
INSERT INTO dates BY NAME SELECT user_no, last_activity_date AS "Teams" FROM report_teamsActivity

-- :name vivaEngageActivity
INSERT INTO dates BY NAME SELECT user_no, last_activity_date AS "Viva Engage" FROM report_vivaEngageActivity

-- :name copilotUsage
INSERT INTO dates BY NAME
SELECT user_no, greatest(last_activity_date, copilot_chat_last_activity_date,
    microsoft_teams_copilot_last_activity_date, word_copilot_last_activity_date, excel_copilot_last_activity_date,
    powerpoint_copilot_last_activity_date, outlook_copilot_last_activity_date, onenote_copilot_last_activity_date,
    loop_copilot_last_activity_date) AS "Copilot"
FROM report_copilotUsage

-- :name app_masks
INSERT INTO masks SELECT user_no, $period, mask FROM {stage} WHERE mask <> 0

-- :name app_dates
INSERT INTO app_dates SELECT user_no, last_activation_date, last_activity_date, report_refresh_date FROM {stage}

-- :name exact
INSERT INTO {into}
WITH latest AS (
    SELECT user_no, max("Exchange") AS "Exchange", max("Teams") AS "Teams", max("SharePoint") AS "SharePoint",
        max("OneDrive") AS "OneDrive", max("Viva Engage") AS "Viva Engage", max("Copilot") AS "Copilot"
    FROM dates GROUP BY user_no
), days AS (
    UNPIVOT latest ON "Exchange", "Teams", "SharePoint", "OneDrive", "Viva Engage", "Copilot"
    INTO NAME application VALUE day
), refreshed AS (
    SELECT s.application, s.slot, max(t.refresh) AS refresh FROM told t JOIN slots s USING (application)
    WHERE s.platform = 'All' GROUP BY ALL
)
SELECT d.user_no, r.slot, d.day, d.day, NULL, r.refresh, $now::TIMESTAMP FROM days d JOIN refreshed r USING (application)

-- :name apps
CREATE OR REPLACE TEMP TABLE user_masks AS
SELECT user_no, coalesce(bit_or(mask) FILTER (period = 7), 0) AS m7, coalesce(bit_or(mask) FILTER (period = 30), 0) AS m30,
    coalesce(bit_or(mask) FILTER (period = 90), 0) AS m90, coalesce(bit_or(mask) FILTER (period = 180), 0) AS m180
FROM masks GROUP BY user_no

-- :name app_usage
INSERT INTO {into}
SELECT user_no, slot, NULL, since, within, refresh, $now::TIMESTAMP
FROM (
    SELECT m.user_no, b.slot,
        CASE WHEN m7 & b.bit <> 0 THEN 7 WHEN m30 & b.bit <> 0 THEN 30 WHEN m90 & b.bit <> 0 THEN 90 ELSE 180 END AS within
    FROM user_masks m, bits b
    WHERE (m7 | m30 | m90 | m180) & b.bit <> 0 AND b.overlapping = $overlapping
)
JOIN (
    SELECT unnest([7, 30, 90, 180]) AS within, unnest([$r7::DATE, $r30::DATE, $r90::DATE, $r180::DATE]) AS refresh,
        refresh - within + 1 AS since
) USING (within)

-- :name teamsDevices
INSERT INTO overlapping
WITH used AS (
    SELECT user_no, report_refresh_date AS refresh, nullif(used_web, FALSE) AS "Web",
        nullif(used_windows_phone, FALSE) AS "Windows Phone", nullif(used_ios, FALSE) AS "iOS",
        nullif(used_mac, FALSE) AS "Mac", nullif(used_android_phone, FALSE) AS "Android",
        nullif(used_windows, FALSE) AS "Windows", nullif(used_chrome_os, FALSE) AS "ChromeOS",
        nullif(used_linux, FALSE) AS "Linux"
    FROM report_teamsDevices
), platforms AS (
    UNPIVOT used ON "Web", "Windows Phone", "iOS", "Mac", "Android", "Windows", "ChromeOS", "Linux"
    INTO NAME platform VALUE yes
)
SELECT p.user_no, s.slot, NULL, p.refresh - 180 + 1, 180, p.refresh, $now::TIMESTAMP
FROM platforms p JOIN slots s ON s.application = 'Teams' AND s.platform = p.platform

-- :name overlaps
INSERT INTO {into}
SELECT user_no, slot, NULL, max(active_since), min(active_within_days), max(report_refresh_date), $now::TIMESTAMP
FROM overlapping GROUP BY user_no, slot

-- :name staged
SELECT count(*) FROM usage_stage

-- :name usage_count
SELECT count(*) FROM usage

-- :name leavers
INSERT INTO usage_history BY NAME
SELECT *, $now::TIMESTAMP AS valid_to FROM usage WHERE user_no IN (SELECT user_no FROM touched WHERE gone)

-- :name months
-- A bound of the same day that a shorter period only makes narrower is no activity of its own.
INSERT INTO usage_history BY NAME
SELECT o.*, $now::TIMESTAMP AS valid_to FROM usage o JOIN usage_stage n USING (user_no, slot)
WHERE date_trunc('month', n.active_since) > date_trunc('month', o.active_since)
    AND NOT coalesce(n.report_refresh_date = o.report_refresh_date
        AND o.active_since = o.report_refresh_date - o.active_within_days + 1, FALSE)

-- :name merge
CREATE TABLE usage_merged AS
SELECT coalesce(n.user_no, o.user_no)::INTEGER AS user_no, coalesce(n.slot, o.slot)::SMALLINT AS slot,
    greatest(o.last_activity_date, n.last_activity_date) AS last_activity_date,
    greatest(o.active_since, n.active_since) AS active_since,
    -- Of the same day the shortest period counts: a report may come a run later than those it belongs to.
    (CASE WHEN n.user_no IS NULL OR o.report_refresh_date > n.report_refresh_date THEN o.active_within_days
        WHEN o.report_refresh_date = n.report_refresh_date THEN least(o.active_within_days, n.active_within_days)
        ELSE n.active_within_days END)::SMALLINT AS active_within_days,
    greatest(o.report_refresh_date, n.report_refresh_date) AS report_refresh_date,
    CASE WHEN o.user_no IS NULL OR (date_trunc('month', n.active_since) > date_trunc('month', o.active_since)
            AND NOT coalesce(n.report_refresh_date = o.report_refresh_date
                AND o.active_since = o.report_refresh_date - o.active_within_days + 1, FALSE))
        THEN $now::TIMESTAMP ELSE o.valid_from END AS valid_from
FROM usage o FULL JOIN usage_stage n ON o.user_no = n.user_no AND o.slot = n.slot

-- :name drop_old
DROP TABLE usage

-- :name rename
ALTER TABLE usage_merged RENAME TO usage

-- :name no_app_dates
SELECT count(*) FROM app_dates

-- :name forget_app_dates
DELETE FROM app_usage_users

-- :name merge_app_dates
CREATE OR REPLACE TEMP TABLE app_dates AS
SELECT user_no, max(last_activation_date) AS last_activation_date, max(last_activity_date) AS last_activity_date,
    max(report_refresh_date) AS report_refresh_date
FROM (SELECT * FROM app_dates UNION ALL SELECT * FROM app_usage_users) GROUP BY user_no

-- :name add_app_dates
INSERT INTO app_usage_users SELECT * FROM app_dates

-- :name activity
CREATE OR REPLACE TEMP TABLE activity AS
SELECT user_no, max(last_activity_date) AS last_activity_date, max(active_since) AS active_since, bit_or(bit) AS used
FROM (
    SELECT u.user_no, u.last_activity_date, u.active_since, s.bit FROM usage u JOIN slots s USING (slot)
    UNION ALL SELECT user_no, last_activity_date, last_activity_date, 0 FROM app_usage_users
) GROUP BY user_no

-- :name no_activity
CREATE OR REPLACE TEMP TABLE activity AS
SELECT NULL::INTEGER AS user_no, NULL::DATE AS last_activity_date, NULL::DATE AS active_since, NULL::BIGINT AS used LIMIT 0
