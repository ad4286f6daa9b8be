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

-- :name slot_count
SELECT count(*) FROM slots

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
INSERT INTO told SELECT unnest($applications::VARCHAR[]), unnest($refreshes::DATE[])

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

-- :name latest
CREATE OR REPLACE TEMP TABLE latest AS
SELECT user_no, max("Exchange") AS "Exchange", max("Teams") AS "Teams", max("SharePoint") AS "SharePoint",
    max("OneDrive") AS "OneDrive", max("Viva Engage") AS "Viva Engage", max("Copilot") AS "Copilot"
FROM dates GROUP BY user_no

-- :name exact
INSERT INTO {into}
WITH days AS (
    UNPIVOT (SELECT * FROM latest {whose})
    ON "Exchange", "Teams", "SharePoint", "OneDrive", "Viva Engage", "Copilot" INTO NAME application VALUE day
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
    FROM (SELECT * FROM user_masks {whose}) m, bits b
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
    FROM report_teamsDevices {whose}
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

-- :name content
-- What the reports tell of each user, whatever their dates are: a hash of it.
CREATE OR REPLACE TEMP TABLE content AS
SELECT user_no, hash(sum(part)) AS content
FROM (
    SELECT user_no, hash('exact', "Exchange", "Teams", "SharePoint", "OneDrive", "Viva Engage", "Copilot") AS part FROM latest
    UNION ALL SELECT user_no, hash('apps', m7, m30, m90, m180) FROM user_masks
    UNION ALL SELECT user_no, devices FROM device_contents
) GROUP BY user_no

-- :name no_device_contents
CREATE OR REPLACE TEMP TABLE device_contents AS SELECT NULL::INTEGER AS user_no, NULL::UBIGINT AS devices LIMIT 0

-- :name device_contents
-- A row of another day than the report's is not like the one of the day before.
CREATE OR REPLACE TEMP TABLE device_contents AS
SELECT user_no, hash('devices', used_web, used_windows_phone, used_ios, used_mac, used_android_phone, used_windows,
    used_chrome_os, used_linux, nullif(report_refresh_date, $refresh::DATE)) AS devices
FROM report_teamsDevices

-- :name news
CREATE OR REPLACE TEMP TABLE news AS
SELECT coalesce(c.user_no, k.user_no) AS user_no FROM content c FULL JOIN usage_content k USING (user_no)
WHERE c.content IS DISTINCT FROM k.content

-- :name moves
CREATE OR REPLACE TEMP TABLE moves (slot SMALLINT, exact BOOLEAN, before DATE, after DATE)

-- :name move_exact
INSERT INTO moves SELECT slot, TRUE, $before, $after FROM slots WHERE platform = 'All' AND application = $application

-- :name move_others
INSERT INTO moves SELECT slot, FALSE, $before, $after FROM slots

-- :name base
SELECT dataset, refresh_date FROM usage_reports

-- :name forget_content
DELETE FROM usage_content

-- :name forget_base
DELETE FROM usage_reports

-- :name keep_content
INSERT INTO usage_content SELECT user_no, content FROM content

-- :name keep_base
INSERT INTO usage_reports SELECT unnest($datasets::VARCHAR[]), unnest($refreshes::DATE[])

-- :name usage_count
SELECT count(*) FROM usage

-- :name leavers
INSERT INTO usage_history BY NAME
SELECT *, $now::TIMESTAMP AS valid_to FROM usage WHERE user_no IN (SELECT user_no FROM touched WHERE gone)

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
    -- A bound of the same day that a shorter period only makes narrower is no activity of its own.
    CASE WHEN o.user_no IS NULL OR (date_trunc('month', n.active_since) > date_trunc('month', o.active_since)
            AND NOT coalesce(n.report_refresh_date = o.report_refresh_date
                AND o.active_since = o.report_refresh_date - o.active_within_days + 1, FALSE))
        THEN $now::TIMESTAMP ELSE o.valid_from END AS valid_from
FROM (SELECT * FROM usage {whose}) o FULL JOIN usage_stage n ON o.user_no = n.user_no AND o.slot = n.slot

-- :name carry_on
-- Of whom the reports say what they said before, only their dates moved on: what they told the last time, they tell again.
INSERT INTO usage_merged
SELECT user_no, slot, last_activity_date, since, active_within_days, coalesce(after, report_refresh_date),
    CASE WHEN since > active_since AND date_trunc('month', since) > date_trunc('month', active_since)
        THEN $now::TIMESTAMP ELSE valid_from END
FROM (
    SELECT o.*, r.after,
        CASE WHEN r.after IS NOT NULL AND NOT r.exact
            THEN greatest(o.active_since, r.after - o.active_within_days + 1) ELSE o.active_since END AS since
    FROM usage o ANTI JOIN news USING (user_no)
    LEFT JOIN moves r ON r.slot = o.slot AND r.before = o.report_refresh_date
        AND r.exact = (o.active_within_days IS NULL)
)

-- :name months
-- A row that begins with this import, where one stood before.
INSERT INTO usage_history BY NAME
SELECT o.*, $now::TIMESTAMP AS valid_to
FROM usage o SEMI JOIN (SELECT user_no, slot FROM usage_merged WHERE valid_from = $now::TIMESTAMP) USING (user_no, slot)

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
