DROP TABLE service_requests;
DROP FUNCTION qg_private.keep_answered();
-- The older shape knows no notices of requests, and no decisions of single groups.
ALTER TABLE notices DISABLE TRIGGER append_only;
DELETE FROM notices WHERE kind IN ('service.requested', 'service.decided');
ALTER TABLE notices ENABLE TRIGGER append_only;
ALTER TABLE notices DROP CONSTRAINT notices_kind_check, ADD CONSTRAINT notices_kind_check
  CHECK (kind IN ('service.discovered', 'exception.requested', 'exception.decided', 'verdict.disputed'));
ALTER TABLE approvals DISABLE TRIGGER append_only;
DELETE FROM approvals WHERE group_id IS NOT NULL OR status = 'withdrawn';
ALTER TABLE approvals ENABLE TRIGGER append_only;
ALTER TABLE approvals DROP CONSTRAINT approvals_status_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_status_check
  CHECK (status IN ('approved', 'tolerated', 'under_review', 'prohibited'));
DROP INDEX approvals_newest, approvals_of_service;
ALTER TABLE approvals DROP COLUMN group_id;
CREATE INDEX approvals_newest ON approvals (tenant_id, ai_service_id, framework_id, created_at DESC, id DESC);
ALTER TABLE ai_services
  DROP COLUMN training, DROP COLUMN baa, DROP COLUMN dpa, DROP COLUMN sso, DROP COLUMN residency, DROP COLUMN retention,
  DROP COLUMN regions, DROP COLUMN plan, DROP COLUMN shared_hosts;
ALTER TABLE ai_services
  ADD COLUMN trains_on_input boolean, ADD COLUMN baa_available boolean, ADD COLUMN dpa_available boolean,
  ADD COLUMN sso boolean, ADD COLUMN residency text[], ADD COLUMN retention_days int;
