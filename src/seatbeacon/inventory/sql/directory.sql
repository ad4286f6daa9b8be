-- The small datasets of the directory: objects, the last line for a key counts.

-- :name read_objects
CREATE OR REPLACE TEMP TABLE objects AS
SELECT row_number() OVER () AS line_no, unnest(from_json(line, $structure))
FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
    auto_detect = false, new_line = '\n', max_line_size = $line_size, parallel = false)
WHERE line <> ''

-- :name keep_order
SET preserve_insertion_order = true

-- :name any_order
SET preserve_insertion_order = false

-- :name licenses
CREATE OR REPLACE TEMP TABLE licenses_stage AS
SELECT lower(skuId) AS sku_id, skuPartNumber AS sku_part_number, appliesTo AS applies_to, capabilityStatus AS status,
    coalesce(prepaidUnits.enabled, 0) AS purchased, coalesce(prepaidUnits.warning, 0) AS warning,
    coalesce(prepaidUnits.suspended, 0) AS suspended, coalesce(prepaidUnits.lockedOut, 0) AS locked_out,
    consumedUnits AS consumed_units, list_sort(coalesce(subscriptionIds, [])) AS subscription_ids, servicePlans
FROM objects WHERE skuId IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY lower(skuId) ORDER BY line_no DESC) = 1

-- :name service_plans
CREATE OR REPLACE TEMP TABLE service_plans_stage AS
SELECT sku_id, lower(p.servicePlanId) AS plan_id, p.servicePlanName AS plan_name,
    p.provisioningStatus AS provisioning_status, p.appliesTo AS applies_to
FROM (SELECT sku_id, unnest(servicePlans) AS p FROM licenses_stage)
WHERE p.servicePlanId IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY sku_id, plan_id ORDER BY plan_name, provisioning_status) = 1

-- :name subscriptions
CREATE OR REPLACE TEMP TABLE subscriptions_stage AS
SELECT id, commerceSubscriptionId AS commerce_subscription_id, lower(skuId) AS sku_id,
    skuPartNumber AS sku_part_number, status, isTrial AS is_trial, createdDateTime AS created_at,
    nextLifecycleDateTime AS next_lifecycle_at, totalLicenses AS total_licenses
FROM objects WHERE id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY line_no DESC) = 1

-- :name license_groups
CREATE OR REPLACE TEMP TABLE license_groups_stage AS
SELECT lower(id) AS id, displayName AS display_name, list_sort(coalesce(groupTypes, [])) AS group_types,
    securityEnabled AS security_enabled, mailEnabled AS mail_enabled, membershipRule AS membership_rule,
    list_sort([lower(l.skuId) FOR l IN coalesce(assignedLicenses, [])]) AS sku_ids,
    licenseProcessingState.state AS processing_state
FROM objects WHERE id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY lower(id) ORDER BY line_no DESC) = 1

-- :name enterprise_applications
CREATE OR REPLACE TEMP TABLE enterprise_applications_stage AS
SELECT id, appId AS app_id, displayName AS display_name, verifiedPublisher.displayName AS publisher,
    accountEnabled AS account_enabled, appRoleAssignmentRequired AS assignment_required,
    appOwnerOrganizationId AS owner_tenant_id, servicePrincipalType AS service_principal_type,
    list_sort(coalesce(tags, [])) AS tags
FROM objects WHERE id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY line_no DESC) = 1

-- :name application_assignments
CREATE OR REPLACE TEMP TABLE application_assignments_stage AS
SELECT id, resourceId AS application_id, appRoleId AS app_role_id, principalId AS principal_id,
    principalType AS principal_type, principalDisplayName AS principal_name, createdDateTime AS created_at
FROM objects WHERE id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY id ORDER BY line_no DESC) = 1

-- :name sign_ins
CREATE OR REPLACE TEMP TABLE sign_ins_stage AS
SELECT id, arg_max(signInActivity, line_no) AS seen FROM objects WHERE id IS NOT NULL GROUP BY id

-- :name forget_sign_ins
DELETE FROM sign_ins

-- :name add_sign_ins
INSERT INTO sign_ins BY NAME
SELECT p.user_no,
    CASE WHEN seen.lastSignInDateTime >= '1970-01-01' THEN seen.lastSignInDateTime END AS last_sign_in_at,
    CASE WHEN seen.lastNonInteractiveSignInDateTime >= '1970-01-01' THEN seen.lastNonInteractiveSignInDateTime END
        AS last_non_interactive_sign_in_at,
    CASE WHEN seen.lastSuccessfulSignInDateTime >= '1970-01-01' THEN seen.lastSuccessfulSignInDateTime END
        AS last_successful_sign_in_at
FROM sign_ins_stage s JOIN users p USING (id)
WHERE seen IS NOT NULL

-- :name bad_line
WITH numbered AS (
    SELECT line, row_number() OVER () AS line_no
    FROM read_csv($path, columns = {'line': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, new_line = '\n', max_line_size = $line_size, parallel = false)
)
SELECT min(line_no) FROM numbered WHERE line <> '' AND NOT json_valid(line)
