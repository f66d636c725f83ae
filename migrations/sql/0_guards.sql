-- Row-level security, grants and append-only triggers of every table above.
ALTER TABLE ai_services ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE compliance_frameworks ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON ai_services TO qg_owner USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON compliance_frameworks TO qg_owner USING (true) WITH CHECK (true);
CREATE POLICY everybody_reads ON ai_services FOR SELECT TO qg_tenant, qg_msp USING (true);
CREATE POLICY everybody_reads ON compliance_frameworks FOR SELECT TO qg_tenant, qg_msp USING (true);
GRANT SELECT ON ai_services, compliance_frameworks TO qg_tenant, qg_msp;

ALTER TABLE msps ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON msps TO qg_owner USING (true) WITH CHECK (true);
CREATE POLICY msp_reads ON msps FOR SELECT TO qg_msp USING (msp_id = (SELECT qg_msp()));
CREATE POLICY tenant_reads ON msps FOR SELECT TO qg_tenant USING (msp_id = (SELECT qg_tenant_msp()));
CREATE POLICY sign_in_reads ON msps FOR SELECT TO qg_sign_in USING ((SELECT qg_signing_in()));
GRANT SELECT ON msps TO qg_msp, qg_tenant, qg_sign_in;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['clients', 'users', 'devices', 'sessions', 'enrolment_codes', 'policies', 'policy_versions',
    'outbox', 'approvals', 'tenant_counters', 'audit_event_ids', 'client_audit_logs', 'client_audit_logs_other',
    'client_policy_violations', 'pattern_detections']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner_all ON %I TO qg_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY tenant_rows ON %I TO qg_tenant'
      ' USING (tenant_id = (SELECT qg_tenant()) AND msp_id = (SELECT qg_tenant_msp()))'
      ' WITH CHECK (tenant_id = (SELECT qg_tenant()) AND msp_id = (SELECT qg_tenant_msp()))', name);
    EXECUTE format('CREATE POLICY msp_reads ON %I FOR SELECT TO qg_msp USING (msp_id = (SELECT qg_msp()))', name);
  END LOOP;
END
$$;
-- What each role may do at all; row-level security then says with which rows.
GRANT SELECT ON clients, policy_versions, tenant_counters, client_audit_logs, pattern_detections TO qg_tenant;
-- What people sign in with is read by nobody but sign-in.
GRANT SELECT (tenant_id, id, msp_id, client_id, email, display_name, role, status, permission_epoch, created_at) ON users
  TO qg_tenant, qg_msp;
GRANT INSERT ON users TO qg_tenant;
GRANT SELECT, INSERT ON devices, sessions, enrolment_codes TO qg_tenant;
GRANT UPDATE (policy_version, rulebook_version, acknowledged_at, last_seen_at) ON devices TO qg_tenant;
GRANT UPDATE (uses_left) ON enrolment_codes TO qg_tenant;
GRANT SELECT, INSERT, UPDATE ON approvals TO qg_tenant;
GRANT SELECT ON policies, client_policy_violations TO qg_tenant;
GRANT UPDATE (current_version, updated_at, name) ON policies TO qg_tenant;
GRANT INSERT ON policies, policy_versions, outbox TO qg_tenant;
GRANT SELECT ON outbox TO qg_tenant;
GRANT UPDATE (status) ON client_policy_violations TO qg_tenant;
GRANT UPDATE (seats, timezone) ON clients TO qg_tenant;
GRANT SELECT ON clients, devices, enrolment_codes, policies, policy_versions, approvals, client_audit_logs,
  client_policy_violations, pattern_detections TO qg_msp;

CREATE POLICY sign_in_reads ON clients FOR SELECT TO qg_sign_in USING ((SELECT qg_signing_in()));
CREATE POLICY sign_in_reads ON users FOR SELECT TO qg_sign_in USING ((SELECT qg_signing_in()));
CREATE POLICY sign_in_reads ON devices FOR SELECT TO qg_sign_in USING ((SELECT qg_signing_in()));
CREATE POLICY sign_in_all ON sessions TO qg_sign_in USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
CREATE POLICY sign_in_all ON enrolment_codes TO qg_sign_in USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
GRANT SELECT (tenant_id, msp_id, name, status) ON clients TO qg_sign_in;
GRANT SELECT ON users TO qg_sign_in;
GRANT SELECT (tenant_id, msp_id, id, user_id, revoked_at) ON devices TO qg_sign_in;
GRANT SELECT, INSERT ON sessions TO qg_sign_in;
GRANT UPDATE (counter, rotated_at, last_used_at, expires_at, revoked_at, revoked_reason) ON sessions TO qg_sign_in;
GRANT SELECT, UPDATE (uses_left, failed_tries) ON enrolment_codes TO qg_sign_in;

CREATE POLICY relay_reads ON policies FOR SELECT TO qg_relay USING ((SELECT qg_relaying()));
CREATE POLICY relay_reads ON outbox FOR SELECT TO qg_relay USING ((SELECT qg_relaying()));
CREATE POLICY relay_marks ON outbox FOR UPDATE TO qg_relay USING ((SELECT qg_relaying())) WITH CHECK ((SELECT qg_relaying()));
GRANT SELECT (tenant_id, msp_id, id, current_version) ON policies TO qg_relay;
GRANT SELECT, UPDATE (published_at) ON outbox TO qg_relay;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['clients', 'tenant_counters', 'audit_event_ids', 'client_audit_logs', 'client_policy_violations', 'pattern_detections']
  LOOP
    EXECUTE format('CREATE POLICY recorder_all ON %I TO qg_recorder USING ((SELECT qg_ingesting())) WITH CHECK ((SELECT qg_ingesting()))', name);
  END LOOP;
END
$$;
GRANT SELECT (tenant_id, msp_id) ON clients TO qg_recorder;
GRANT SELECT, INSERT, UPDATE ON tenant_counters TO qg_recorder;
GRANT SELECT, INSERT ON audit_event_ids TO qg_recorder;
GRANT INSERT ON client_audit_logs, pattern_detections TO qg_recorder;
GRANT SELECT, INSERT, UPDATE (disposition) ON client_policy_violations TO qg_recorder;

CREATE FUNCTION qg_private.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON client_audit_logs FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON policy_versions FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON client_audit_logs_other FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON client_audit_logs FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON policy_versions FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();

-- Monthly partitions, two months back to twelve ahead; children are guarded like their parent.
CREATE FUNCTION qg_private.ensure_partitions() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  month date;
  name text;
BEGIN
  FOR step IN -2..12 LOOP
    month := date_trunc('month', now() AT TIME ZONE 'UTC')::date + make_interval(months => step);
    name := 'client_audit_logs_' || to_char(month, 'YYYY_MM');
    CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.client_audit_logs FOR VALUES FROM (%L) TO (%L)',
        name, month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
      EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
      EXECUTE format('CREATE POLICY owner_all ON public.%I TO qg_owner USING (true) WITH CHECK (true)', name);
      -- TRUNCATE of a child does not fire its parent's trigger.
      EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT'
        ' EXECUTE FUNCTION qg_private.refuse_change()', name);
    EXCEPTION WHEN check_violation THEN
      NULL; -- a clock ran ahead: the default partition holds rows of that month, and goes on holding them
    END;
  END LOOP;
END
$$;
SELECT qg_private.ensure_partitions();
