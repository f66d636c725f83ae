DROP TRIGGER first_seen ON devices;
DROP TRIGGER seen_in_another_month ON devices;
DROP FUNCTION qg_private.take_seat();
DROP TRIGGER make_key ON clients;
DROP FUNCTION qg_private.make_key();
DROP TABLE tenant_keys, seat_months, idempotency_keys, group_members, groups, assignments, lockboxes, admin_events CASCADE;
DROP POLICY admin_rows ON msps;
DROP POLICY platform_reads ON msps;
DROP POLICY platform_reads ON clients;
DROP POLICY platform_reads ON users;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['clients', 'users', 'devices', 'sessions', 'enrolment_codes', 'policies', 'policy_versions',
    'outbox', 'approvals', 'tenant_counters', 'audit_event_ids', 'client_audit_logs', 'client_audit_logs_other',
    'client_policy_violations', 'pattern_detections']
  LOOP
    EXECUTE format('DROP POLICY IF EXISTS admin_rows ON %I', name);
    EXECUTE format('DROP POLICY tenant_rows ON %I', name);
    EXECUTE format('DROP POLICY msp_reads ON %I', name);
    EXECUTE format('REVOKE ALL ON %I FROM qg_admin, qg_platform', name);
  END LOOP;
END
$$;
REVOKE ALL ON msps FROM qg_admin, qg_platform;
DROP FUNCTION qg_private.guard(text[]), qg_private.guard_administered(text[]), qg_msp_hidden(), qg_msp_unassigned(),
  qg_scope(), qg_writing(), qg_admin(), qg_admin_writing(), qg_admin_msp(), qg_platform();
CREATE OR REPLACE FUNCTION qg_msp() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT (qg_private.verified('qg_msp'))[3]::uuid $$;
CREATE OR REPLACE FUNCTION qg_tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT (qg_private.verified('qg_tenant'))[2]::uuid $$;
DROP FUNCTION qg_private.out_of_reach(text[], boolean), qg_private.writable(text[]), qg_private.entered(text[]),
  qg_private.staff_may_enter(uuid, uuid, uuid);
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['clients', 'users', 'devices', 'sessions', 'enrolment_codes', 'policies', 'policy_versions',
    'outbox', 'approvals', 'tenant_counters', 'audit_event_ids', 'client_audit_logs', 'client_audit_logs_other',
    'client_policy_violations', 'pattern_detections']
  LOOP
    EXECUTE format('CREATE POLICY tenant_rows ON %I TO qg_tenant'
      ' USING (tenant_id = (SELECT qg_tenant()) AND msp_id = (SELECT qg_tenant_msp()))'
      ' WITH CHECK (tenant_id = (SELECT qg_tenant()) AND msp_id = (SELECT qg_tenant_msp()))', name);
    EXECUTE format('CREATE POLICY msp_reads ON %I FOR SELECT TO qg_msp USING (msp_id = (SELECT qg_msp()))', name);
  END LOOP;
END
$$;
-- What the older shape cannot say becomes what comes closest.
UPDATE clients SET status = 'archived' WHERE status = 'offboarded';
UPDATE users SET status = 'disabled' WHERE status IN ('invited', 'suspended', 'archived');
ALTER TABLE users DROP CONSTRAINT users_status_check,
  ADD CONSTRAINT users_status_check CHECK (status IN ('active', 'disabled'));
ALTER TABLE clients DROP COLUMN version, DROP COLUMN frameworks, DROP COLUMN suspended_at, DROP COLUMN grace_days,
  DROP CONSTRAINT clients_status_check,
  ADD CONSTRAINT clients_status_check CHECK (status IN ('active', 'suspended', 'archived'));
ALTER TABLE msps DROP COLUMN version, DROP COLUMN suspended_at;
