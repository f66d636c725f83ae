-- The same questions with less to ask: row-level security asks them once per statement, so each microsecond counts.
-- What is only called by functions that run as the owner, with a fixed search path, needs neither of its own.
CREATE OR REPLACE FUNCTION qg_private.verified(wanted_role text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  parts text[];
BEGIN
  -- Without a variable in it, the query keeps one plan; with one it would be planned anew each time.
  SELECT string_to_array(split_part(current_setting('app.scope', true), '|', 1), '.') INTO parts FROM qg_private.scope_key k
    WHERE encode(sha256(k.outer_pad || sha256(k.inner_pad
      || convert_to(split_part(current_setting('app.scope', true), '|', 1), 'UTF8'))), 'hex')
      = split_part(current_setting('app.scope', true), '|', 2);
  -- pg_stat_activity shows the login's other connections their queries, scopes included: hence the connection.
  IF parts[1] = wanted_role AND parts[5]::int = pg_backend_pid() AND to_timestamp(parts[4]::float8) >= clock_timestamp() THEN
    RETURN parts;
  END IF;
  RAISE EXCEPTION '%', CASE WHEN coalesce(current_setting('app.scope', true), '') = '' THEN 'no scope'
    WHEN parts IS NULL THEN 'bad scope signature' WHEN parts[1] IS DISTINCT FROM wanted_role THEN 'scope of another role'
    WHEN parts[5]::int IS DISTINCT FROM pg_backend_pid() THEN 'scope of another connection' ELSE 'scope expired' END
    USING ERRCODE = 'insufficient_privilege';
END
$$;
ALTER FUNCTION qg_private.entered(text[]) RESET search_path;
ALTER FUNCTION qg_private.writable(text[]) RESET search_path;
ALTER FUNCTION qg_private.out_of_reach(text[], boolean) RESET search_path;
CREATE OR REPLACE FUNCTION qg_private.staff_may_enter(client uuid, msp uuid, staff uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  staff_role text;
  is_locked boolean;
BEGIN
  SELECT u.role, EXISTS (SELECT FROM public.lockboxes b WHERE b.tenant_id = client AND b.msp_id = msp AND b.is_closed
      AND (b.open_until IS NULL OR b.open_until <= clock_timestamp()))
    INTO staff_role, is_locked FROM public.users u WHERE u.tenant_id = msp AND u.id = staff AND u.status = 'active';
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF staff_role = 'msp_technician' AND client <> msp
     AND NOT EXISTS (SELECT FROM public.assignments a WHERE a.tenant_id = client AND a.user_id = staff AND a.msp_id = msp) THEN
    RETURN false;
  END IF;
  IF is_locked THEN
    RAISE EXCEPTION 'the client is locked' USING ERRCODE = 'QG001';
  END IF;
  RETURN true;
END
$$;
-- Asked by every statement of a tenant, so it verifies by itself, in one query; `verified` says what was wrong.
CREATE OR REPLACE FUNCTION qg_scope(OUT tenant uuid, OUT msp uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$
DECLARE
  staff uuid;
BEGIN
  SELECT split_part(current_setting('app.scope', true), '.', 2)::uuid, split_part(current_setting('app.scope', true), '.', 3)::uuid,
      CASE split_part(current_setting('app.scope', true), '.', 6) WHEN 'staff'
        THEN split_part(split_part(current_setting('app.scope', true), '|', 1), '.', 7)::uuid END
    INTO tenant, msp, staff FROM qg_private.scope_key k
    WHERE CASE WHEN encode(sha256(k.outer_pad || sha256(k.inner_pad
        || convert_to(split_part(current_setting('app.scope', true), '|', 1), 'UTF8'))), 'hex')
        = split_part(current_setting('app.scope', true), '|', 2)
      THEN split_part(current_setting('app.scope', true), '.', 1) = 'qg_tenant'
        AND split_part(current_setting('app.scope', true), '.', 5)::int = pg_backend_pid()
        AND to_timestamp(split_part(current_setting('app.scope', true), '.', 4)::float8) >= clock_timestamp()
      ELSE false END;
  IF tenant IS NULL THEN
    PERFORM qg_private.verified('qg_tenant');
  ELSIF staff IS NOT NULL AND NOT qg_private.staff_may_enter(tenant, msp, staff) THEN
    tenant := NULL;
  END IF;
END
$$;
-- SQL functions are planned anew in every statement before PostgreSQL 18; these are not.
CREATE OR REPLACE FUNCTION qg_tenant_msp() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN (qg_private.verified('qg_tenant'))[3]::uuid; END $$;
CREATE OR REPLACE FUNCTION qg_admin_msp() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN (qg_private.verified('qg_admin'))[3]::uuid; END $$;
CREATE OR REPLACE FUNCTION qg_signing_in() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.verified('qg_sign_in') IS NOT NULL; END $$;
CREATE OR REPLACE FUNCTION qg_relaying() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.verified('qg_relay') IS NOT NULL; END $$;
CREATE OR REPLACE FUNCTION qg_ingesting() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.verified('qg_ingest') IS NOT NULL; END $$;
CREATE OR REPLACE FUNCTION qg_platform() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.verified('qg_platform') IS NOT NULL; END $$;
