-- What every table of a tenant gets. A later migration calls it for its own tables, and grants what it needs:
--   SELECT qg_private.guard('name', ...);
CREATE FUNCTION qg_private.guard(VARIADIC tables text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY tables
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('DROP POLICY IF EXISTS owner_all ON public.%I', name);
    EXECUTE format('DROP POLICY IF EXISTS tenant_rows ON public.%I', name);
    EXECUTE format('DROP POLICY IF EXISTS msp_reads ON public.%I', name);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO qg_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY tenant_rows ON public.%I TO qg_tenant'
      ' USING ((tenant_id, msp_id) = (SELECT s.tenant, s.msp FROM public.qg_scope() AS s))'
      ' WITH CHECK (tenant_id = (SELECT public.qg_writing()) AND msp_id = (SELECT public.qg_tenant_msp()))', name);
    EXECUTE format('CREATE POLICY msp_reads ON public.%I FOR SELECT TO qg_msp'
      ' USING (msp_id = (SELECT public.qg_msp()) AND tenant_id <> ALL ((SELECT public.qg_msp_hidden())::uuid[]))', name);
  END LOOP;
END
$$;
-- For tables that administering a tenant writes.
CREATE FUNCTION qg_private.guard_administered(VARIADIC tables text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY tables
  LOOP
    EXECUTE format('CREATE POLICY admin_rows ON public.%I TO qg_admin'
      ' USING (tenant_id = (SELECT public.qg_admin()) AND msp_id = (SELECT public.qg_admin_msp()))'
      ' WITH CHECK (tenant_id = (SELECT public.qg_admin_writing()) AND msp_id = (SELECT public.qg_admin_msp()))', name);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION qg_private.guard(text[]), qg_private.guard_administered(text[]) FROM PUBLIC;
SELECT qg_private.guard('seat_months', 'idempotency_keys', 'tenant_keys');
SELECT qg_private.guard('groups', 'group_members', 'assignments', 'lockboxes', 'admin_events', 'clients', 'users', 'devices',
  'sessions', 'enrolment_codes', 'policies', 'policy_versions', 'outbox', 'approvals', 'tenant_counters', 'audit_event_ids',
  'client_audit_logs', 'client_audit_logs_other', 'client_policy_violations', 'pattern_detections');
SELECT qg_private.guard_administered('groups', 'group_members', 'assignments', 'lockboxes', 'admin_events', 'clients',
  'users', 'devices', 'sessions', 'enrolment_codes', 'policies', 'policy_versions', 'outbox', 'tenant_keys');
-- That a client exists, and has closed its lockbox, stays visible: seats are billed.
DROP POLICY msp_reads ON clients;
DROP POLICY msp_reads ON lockboxes;
DROP POLICY msp_reads ON seat_months;
CREATE POLICY msp_reads ON seat_months FOR SELECT TO qg_msp
  USING (msp_id = (SELECT qg_msp()) AND tenant_id <> ALL ((SELECT qg_msp_unassigned())::uuid[]));
CREATE POLICY msp_reads ON clients FOR SELECT TO qg_msp
  USING (msp_id = (SELECT qg_msp()) AND tenant_id <> ALL ((SELECT qg_msp_unassigned())::uuid[]));
CREATE POLICY msp_reads ON lockboxes FOR SELECT TO qg_msp
  USING (msp_id = (SELECT qg_msp()) AND tenant_id <> ALL ((SELECT qg_msp_unassigned())::uuid[]));
CREATE POLICY admin_rows ON msps TO qg_admin
  USING (msp_id = (SELECT qg_admin_msp()) AND (SELECT qg_admin()) = msp_id)
  WITH CHECK (msp_id = (SELECT qg_admin_msp()) AND (SELECT qg_admin_writing()) = msp_id);
CREATE POLICY platform_reads ON msps FOR SELECT TO qg_platform USING ((SELECT qg_platform()));
CREATE POLICY platform_reads ON clients FOR SELECT TO qg_platform USING ((SELECT qg_platform()));
CREATE POLICY platform_reads ON users FOR SELECT TO qg_platform USING ((SELECT qg_platform()) AND client_id IS NULL);

GRANT SELECT ON groups, group_members, assignments, lockboxes, admin_events TO qg_tenant, qg_msp, qg_admin;
GRANT INSERT, UPDATE (name, description, version), DELETE ON groups TO qg_admin;
GRANT INSERT, DELETE ON group_members, assignments TO qg_admin;
GRANT INSERT, UPDATE (is_closed, open_until, reason, set_by, set_at) ON lockboxes TO qg_admin;
-- The moment is the database's: nobody dates an event back.
GRANT INSERT (tenant_id, id, msp_id, actor_id, actor_role, action, subject_kind, subject_id, reason, details)
  ON admin_events TO qg_tenant, qg_admin;
GRANT SELECT, INSERT, UPDATE (name, slug, status, version, suspended_at) ON msps TO qg_admin;
GRANT SELECT, INSERT,
  UPDATE (name, seats, country, timezone, frameworks, status, version, suspended_at, grace_days) ON clients TO qg_admin;
GRANT SELECT (tenant_id, id, msp_id, client_id, email, display_name, role, status, permission_epoch, created_at), INSERT,
  UPDATE (display_name, role, status, permission_epoch) ON users TO qg_admin;
GRANT SELECT (tenant_id, id, msp_id, user_id, device_id, revoked_at), UPDATE (revoked_at, revoked_reason)
  ON sessions TO qg_admin;
GRANT SELECT, UPDATE (revoked_at) ON devices, enrolment_codes TO qg_admin;
GRANT SELECT, INSERT ON policies, policy_versions, outbox TO qg_admin;
GRANT SELECT (msp_id, name, slug, status, version, suspended_at, created_at) ON msps TO qg_platform;
GRANT SELECT (tenant_id, msp_id, name, slug, status, seats, country, timezone, frameworks, version, suspended_at, grace_days,
  created_at) ON clients TO qg_platform;
GRANT SELECT (tenant_id, id, msp_id, client_id, email, display_name, role, status, permission_epoch, created_at) ON users
  TO qg_platform;
GRANT SELECT ON seat_months TO qg_tenant, qg_msp;
GRANT SELECT, INSERT, UPDATE (status, answer), DELETE ON idempotency_keys TO qg_tenant;

GRANT SELECT ON tenant_keys TO qg_tenant, qg_msp, qg_admin;
GRANT UPDATE (salt, destroyed_at) ON tenant_keys TO qg_admin;
-- 244 random bits from core PostgreSQL, hashed to 32 bytes.
CREATE FUNCTION qg_private.make_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.tenant_keys (tenant_id, msp_id, salt)
    VALUES (NEW.tenant_id, NEW.msp_id, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION qg_private.make_key() FROM PUBLIC;
CREATE TRIGGER make_key AFTER INSERT ON clients FOR EACH ROW EXECUTE FUNCTION qg_private.make_key();

-- A browser's first word of a month takes a seat of that month.
CREATE FUNCTION qg_private.take_seat() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.seat_months (tenant_id, month, device_id, msp_id)
    VALUES (NEW.tenant_id, date_trunc('month', NEW.last_seen_at AT TIME ZONE 'UTC')::date, NEW.id, NEW.msp_id)
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION qg_private.take_seat() FROM PUBLIC;
CREATE TRIGGER first_seen AFTER INSERT ON devices FOR EACH ROW EXECUTE FUNCTION qg_private.take_seat();
CREATE TRIGGER seen_in_another_month AFTER UPDATE OF last_seen_at ON devices FOR EACH ROW
  WHEN (date_trunc('month', NEW.last_seen_at AT TIME ZONE 'UTC') <> date_trunc('month', OLD.last_seen_at AT TIME ZONE 'UTC'))
  EXECUTE FUNCTION qg_private.take_seat();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON admin_events FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON admin_events FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();
