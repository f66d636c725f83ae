-- What every table of a tenant gets. A later migration calls it for its own tables:
--   SELECT qg_private.guard('name', ...);
CREATE FUNCTION qg_private.guard(VARIADIC tables text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY tables
  LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY owner_all ON public.%I TO qg_owner USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY tenant_rows ON public.%I TO qg_tenant'
      ' USING (tenant_id = (SELECT public.qg_tenant()) AND msp_id = (SELECT public.qg_tenant_msp()))'
      ' WITH CHECK (tenant_id = (SELECT public.qg_tenant()) AND msp_id = (SELECT public.qg_tenant_msp()))', name);
    EXECUTE format('CREATE POLICY msp_reads ON public.%I FOR SELECT TO qg_msp USING (msp_id = (SELECT public.qg_msp()))', name);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION qg_private.guard(text[]) FROM PUBLIC;
SELECT qg_private.guard('groups', 'group_members', 'admin_events');
GRANT SELECT, INSERT, UPDATE (name, description, version), DELETE ON groups TO qg_tenant;
GRANT SELECT, INSERT, DELETE ON group_members TO qg_tenant;
GRANT SELECT ON groups, group_members, admin_events TO qg_msp;
-- The moment is the database's: nobody dates an event back.
GRANT SELECT, INSERT (tenant_id, id, msp_id, actor_id, actor_role, action, subject_kind, subject_id, reason, details)
  ON admin_events TO qg_tenant;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON admin_events FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON admin_events FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();
