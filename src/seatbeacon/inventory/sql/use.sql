-- How Microsoft's applications are used: prepared of all of them at once, or told of one.

-- :name use_by_platform
SELECT s.application, s.platform, count(*) AS ever,
    count(*) FILTER (u.active_since > u.report_refresh_date - 30) AS active_30,
    count(*) FILTER (u.active_since > u.report_refresh_date - 90) AS active_90, max(u.last_activity_date) AS last
FROM usage u JOIN slots s USING (slot) GROUP BY s.application, s.platform

-- :name use_by_department
SELECT s.application, p.department, count(*) FILTER (u.active_since > u.report_refresh_date - 90) AS active_90,
    count(*) AS ever
FROM usage u JOIN slots s USING (slot) JOIN users p USING (user_no) WHERE s.platform = 'All'
GROUP BY s.application, p.department

-- :name platforms
SELECT platform, ever, active_30, active_90, last FROM {use} WHERE application = $application
ORDER BY platform <> 'All', active_90 DESC, platform

-- :name departments
SELECT department, active_90, ever FROM {use} WHERE application = $application
ORDER BY active_90 DESC, department NULLS LAST LIMIT $limit
