DROP TRIGGER counted ON client_audit_logs;
DROP TRIGGER counted ON client_policy_violations;
DROP TRIGGER recounted ON client_policy_violations;
DROP TRIGGER append_only ON approvals;
DROP TRIGGER no_truncate ON approvals;
DROP TABLE notices, exception_decisions, exceptions, service_sightings, attestations, violation_states, violation_days,
  active_people, service_days, audit_hours, audit_days, client_days CASCADE;
DROP FUNCTION qg_private.count_anew(), qg_private.count_entries(), qg_private.count_violations(),
  qg_private.recount_violations(), qg_private.has_left(text), qg_private.qg_score_1(text, text, text), qg_private.refuse_unapproved(), qg_private.refuse_undecided();
-- The older shape holds one decision for each service and framework: the newest.
DELETE FROM approvals a USING approvals b WHERE a.tenant_id = b.tenant_id AND a.ai_service_id = b.ai_service_id
  AND a.framework_id IS NOT DISTINCT FROM b.framework_id AND (a.created_at, a.id) < (b.created_at, b.id);
DROP INDEX approvals_newest;
ALTER TABLE approvals DROP COLUMN owner_id, DROP COLUMN evidence, DROP COLUMN agreement,
  ADD CONSTRAINT approvals_tenant_id_ai_service_id_framework_id_key
    UNIQUE NULLS NOT DISTINCT (tenant_id, ai_service_id, framework_id);
GRANT UPDATE ON approvals TO qg_tenant;
REVOKE UPDATE (owner_id, status_at, status_reason, version) ON client_policy_violations FROM qg_tenant;
ALTER TABLE client_policy_violations DROP COLUMN confidence_ppm, DROP COLUMN standing, DROP COLUMN owner_id,
  DROP COLUMN status_at, DROP COLUMN status_reason, DROP COLUMN version;
ALTER TABLE ai_services DROP COLUMN dpa_available, DROP COLUMN sso, DROP COLUMN residency, DROP COLUMN retention_days;
