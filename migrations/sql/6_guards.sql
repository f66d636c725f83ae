SELECT qg_private.guard('policy_layers', 'policy_layer_versions', 'policy_changes');
GRANT SELECT, INSERT, UPDATE (current_version, updated_at, name) ON policy_layers TO qg_tenant;
GRANT SELECT, INSERT ON policy_layer_versions TO qg_tenant;
GRANT SELECT, INSERT, UPDATE (status, decided_by, decided_at, decision, version) ON policy_changes TO qg_tenant;
GRANT SELECT ON policy_layers, policy_layer_versions, policy_changes TO qg_msp;
GRANT UPDATE (parent_id) ON policies TO qg_tenant;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON policy_layer_versions FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_change();
-- What was decided stays decided, and nobody puts other words under an approval.
CREATE FUNCTION qg_private.keep_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'pending' OR (NEW.patch, NEW.author_id, NEW.policy_id, NEW.base_version, NEW.reason, NEW.revert)
     IS DISTINCT FROM (OLD.patch, OLD.author_id, OLD.policy_id, OLD.base_version, OLD.reason, OLD.revert) THEN
    RAISE EXCEPTION 'a proposed change is decided once and never edited' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER keep_decided BEFORE UPDATE OR DELETE ON policy_changes FOR EACH ROW EXECUTE FUNCTION qg_private.keep_decided();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON policy_layer_versions FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();

-- The policies that inherit from a template of the MSP whose own tenant the scope is in, locked until its end.
CREATE FUNCTION qg_heirs(parent uuid)
RETURNS TABLE (tenant_id uuid, policy_id uuid, version int, document text, chain text, template text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF qg_writing() IS DISTINCT FROM qg_tenant_msp() THEN
    RAISE EXCEPTION 'not the tenant of an MSP' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM policies p WHERE p.parent_id = parent AND p.msp_id = qg_tenant_msp() ORDER BY p.tenant_id, p.id FOR UPDATE;
  RETURN QUERY SELECT p.tenant_id, p.id, v.version, v.document, v.chain, p.template
    FROM policies p JOIN policy_versions v
      ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.version = p.current_version
    WHERE p.parent_id = parent AND p.msp_id = qg_tenant_msp() ORDER BY p.tenant_id, p.id;
END
$$;
-- The next versions of these policies, and what announces them.
CREATE FUNCTION qg_pass_on(parent uuid, author uuid, why text, moment timestamptz, entries jsonb) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  written int;
BEGIN
  IF qg_writing() IS DISTINCT FROM qg_tenant_msp() THEN
    RAISE EXCEPTION 'not the tenant of an MSP' USING ERRCODE = 'insufficient_privilege';
  END IF;
  WITH given AS MATERIALIZED (
    SELECT e.*, p.msp_id FROM jsonb_to_recordset(entries) AS e (tenant_id uuid, policy_id uuid, version int, document text,
      chain text, etag text, outbox_id uuid, kind text, payload jsonb)
    JOIN policies p ON p.tenant_id = e.tenant_id AND p.id = e.policy_id AND p.parent_id = parent
      AND p.msp_id = qg_tenant_msp() AND p.current_version = e.version - 1
  ), version AS (
    INSERT INTO policy_versions (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at, chain)
    SELECT tenant_id, policy_id, version, msp_id, document, etag, author, why, moment, chain FROM given
  ), announced AS (
    INSERT INTO outbox (tenant_id, id, msp_id, kind, payload) SELECT tenant_id, outbox_id, msp_id, kind, payload FROM given
  )
  UPDATE policies p SET current_version = g.version, updated_at = moment FROM given g
    WHERE p.tenant_id = g.tenant_id AND p.id = g.policy_id;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END
$$;
REVOKE ALL ON FUNCTION qg_heirs(uuid), qg_pass_on(uuid, uuid, text, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_heirs(uuid), qg_pass_on(uuid, uuid, text, timestamptz, jsonb) TO qg_tenant;
