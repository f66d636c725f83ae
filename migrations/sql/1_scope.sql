-- The signed scope now also says who acts: `role.tenant.msp.expiry.pid.kind.user|hmac`, where kind is
-- `system` (a browser, or the server itself), `person` (of the client) or `staff` (of its MSP).

-- Return whether staff may enter a client: unassigned technicians find nothing, and a closed lockbox is said.
CREATE FUNCTION qg_private.staff_may_enter(client uuid, msp uuid, staff uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  staff_role text;
BEGIN
  SELECT u.role INTO staff_role FROM public.users u WHERE u.tenant_id = msp AND u.id = staff AND u.status = 'active';
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF staff_role = 'msp_technician' AND client <> msp
     AND NOT EXISTS (SELECT FROM public.assignments a WHERE a.tenant_id = client AND a.user_id = staff AND a.msp_id = msp) THEN
    RETURN false;
  END IF;
  IF EXISTS (SELECT FROM public.lockboxes b WHERE b.tenant_id = client AND b.msp_id = msp AND b.is_closed
             AND (b.open_until IS NULL OR b.open_until <= clock_timestamp())) THEN
    RAISE EXCEPTION 'the client is locked' USING ERRCODE = 'QG001';
  END IF;
  RETURN true;
END
$$;

-- The tenant of a verified scope; NULL, which equals nothing, where its staff may not enter.
CREATE FUNCTION qg_private.entered(parts text[]) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
BEGIN
  IF parts[6] = 'staff' AND NOT qg_private.staff_may_enter(parts[2]::uuid, parts[3]::uuid, parts[7]::uuid) THEN
    RETURN NULL;
  END IF;
  RETURN parts[2]::uuid;
END
$$;

-- The same for writing: people change nothing of a tenant that is suspended, archived or gone.
CREATE FUNCTION qg_private.writable(parts text[]) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  halted text;
BEGIN
  IF parts[6] <> 'system' THEN
    SELECT s.status INTO halted FROM (
      SELECT c.status FROM public.clients c WHERE c.tenant_id = parts[2]::uuid AND c.status <> 'active'
      UNION ALL
      SELECT m.status FROM public.msps m WHERE m.msp_id = parts[3]::uuid AND m.status <> 'active'
    ) s LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION '%', halted USING ERRCODE = 'QG002';
    END IF;
  END IF;
  RETURN qg_private.entered(parts);
END
$$;

-- PL/pgSQL and not SQL, whose functions are planned anew in every statement; tenant and MSP in one call, because
-- verifying is what row-level security costs.
CREATE OR REPLACE FUNCTION qg_tenant() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.entered(qg_private.verified('qg_tenant')); END $$;
CREATE FUNCTION qg_scope(OUT tenant uuid, OUT msp uuid) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$
DECLARE
  parts text[] := qg_private.verified('qg_tenant');
BEGIN
  tenant := CASE WHEN parts[6] = 'staff' THEN qg_private.entered(parts) ELSE parts[2]::uuid END;
  msp := parts[3]::uuid;
END
$$;
CREATE FUNCTION qg_writing() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.writable(qg_private.verified('qg_tenant')); END $$;
CREATE FUNCTION qg_admin() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.entered(qg_private.verified('qg_admin')); END $$;
CREATE FUNCTION qg_admin_writing() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.writable(qg_private.verified('qg_admin')); END $$;
CREATE FUNCTION qg_admin_msp() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT (qg_private.verified('qg_admin'))[3]::uuid $$;
CREATE FUNCTION qg_platform() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT qg_private.verified('qg_platform') IS NOT NULL $$;

-- The clients of the MSP that a scope over all of them does not reach; NULL, and so every row, for who is no staff.
CREATE FUNCTION qg_private.out_of_reach(parts text[], with_locked boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  staff_role text;
BEGIN
  IF parts[6] = 'system' THEN
    RETURN '{}';
  END IF;
  SELECT u.role INTO staff_role FROM public.users u
    WHERE u.tenant_id = parts[3]::uuid AND u.id = parts[7]::uuid AND u.status = 'active';
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  RETURN ARRAY(
    SELECT c.tenant_id FROM public.clients c WHERE c.msp_id = parts[3]::uuid AND staff_role = 'msp_technician'
      AND NOT EXISTS (SELECT FROM public.assignments a WHERE a.tenant_id = c.tenant_id AND a.user_id = parts[7]::uuid)
    UNION ALL
    SELECT b.tenant_id FROM public.lockboxes b WHERE with_locked AND b.msp_id = parts[3]::uuid AND b.is_closed
      AND (b.open_until IS NULL OR b.open_until <= clock_timestamp()));
END
$$;
CREATE FUNCTION qg_msp_hidden() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.out_of_reach(qg_private.verified('qg_msp'), true); END $$;
CREATE FUNCTION qg_msp_unassigned() RETURNS uuid[] LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN qg_private.out_of_reach(qg_private.verified('qg_msp'), false); END $$;

REVOKE ALL ON FUNCTION qg_private.staff_may_enter(uuid, uuid, uuid), qg_private.entered(text[]), qg_private.writable(text[]),
  qg_private.out_of_reach(text[], boolean), qg_scope(), qg_writing(), qg_admin(), qg_admin_writing(), qg_admin_msp(), qg_platform(),
  qg_msp_hidden(), qg_msp_unassigned() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_scope(), qg_writing() TO qg_tenant;
CREATE OR REPLACE FUNCTION qg_msp() RETURNS uuid LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ BEGIN RETURN (qg_private.verified('qg_msp'))[3]::uuid; END $$;
GRANT EXECUTE ON FUNCTION qg_admin(), qg_admin_writing(), qg_admin_msp() TO qg_admin;
GRANT EXECUTE ON FUNCTION qg_platform() TO qg_platform;
GRANT EXECUTE ON FUNCTION qg_msp_hidden(), qg_msp_unassigned() TO qg_msp;
