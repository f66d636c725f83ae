-- The signed scope: `role.tenant.msp.expiry.pid|hmac`, verified with the built-in sha256 (RFC 2104).
CREATE SCHEMA qg_private;
REVOKE ALL ON SCHEMA qg_private FROM PUBLIC;
GRANT USAGE ON SCHEMA qg_private TO qg_recorder;
CREATE TABLE qg_private.scope_key (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
  outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);

-- Return the verified parts {role, tenant, msp}; raise when absent, forged, expired, of another role or connection.
CREATE FUNCTION qg_private.verified(wanted_role text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  given text := current_setting('app.scope', true);
  signed text := split_part(given, '|', 1);
  parts text[] := string_to_array(signed, '.');
  key qg_private.scope_key;
BEGIN
  IF given IS NULL OR given = '' THEN
    RAISE EXCEPTION 'no scope' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO STRICT key FROM qg_private.scope_key;
  IF encode(sha256(key.outer_pad || sha256(key.inner_pad || convert_to(signed, 'UTF8'))), 'hex')
     IS DISTINCT FROM split_part(given, '|', 2) THEN
    RAISE EXCEPTION 'bad scope signature' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF parts[1] IS DISTINCT FROM wanted_role THEN
    RAISE EXCEPTION 'scope of another role' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF parts[4]::bigint < extract(epoch FROM clock_timestamp()) THEN
    RAISE EXCEPTION 'scope expired' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- pg_stat_activity shows the login's other connections their queries, scopes included.
  IF parts[5]::int IS DISTINCT FROM pg_backend_pid() THEN
    RAISE EXCEPTION 'scope of another connection' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN parts;
END
$$;

CREATE FUNCTION qg_tenant() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT (qg_private.verified('qg_tenant'))[2]::uuid $$;
CREATE FUNCTION qg_tenant_msp() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT (qg_private.verified('qg_tenant'))[3]::uuid $$;
CREATE FUNCTION qg_msp() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT (qg_private.verified('qg_msp'))[3]::uuid $$;
CREATE FUNCTION qg_signing_in() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT qg_private.verified('qg_sign_in') IS NOT NULL $$;
CREATE FUNCTION qg_relaying() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT qg_private.verified('qg_relay') IS NOT NULL $$;
CREATE FUNCTION qg_ingesting() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
  AS $$ SELECT qg_private.verified('qg_ingest') IS NOT NULL $$;
REVOKE ALL ON FUNCTION qg_private.verified(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION qg_tenant(), qg_tenant_msp(), qg_msp(), qg_signing_in(), qg_relaying(), qg_ingesting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_tenant(), qg_tenant_msp() TO qg_tenant;
GRANT EXECUTE ON FUNCTION qg_msp() TO qg_msp;
GRANT EXECUTE ON FUNCTION qg_signing_in() TO qg_sign_in;
GRANT EXECUTE ON FUNCTION qg_relaying() TO qg_relay;
GRANT EXECUTE ON FUNCTION qg_ingesting() TO qg_ingest, qg_recorder;
