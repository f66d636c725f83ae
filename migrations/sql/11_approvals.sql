-- A proposed change may be one of a layer, the adoption of a template (both ids), or a rollback.
ALTER TABLE policy_changes ALTER COLUMN policy_id DROP NOT NULL,
  ADD COLUMN layer_id uuid, ADD COLUMN restores int CHECK (restores > 0),
  ADD CONSTRAINT of_something CHECK (policy_id IS NOT NULL OR layer_id IS NOT NULL);
CREATE OR REPLACE FUNCTION qg_private.keep_decided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'pending'
     OR (NEW.patch, NEW.author_id, NEW.policy_id, NEW.layer_id, NEW.restores, NEW.base_version, NEW.reason, NEW.revert)
     IS DISTINCT FROM (OLD.patch, OLD.author_id, OLD.policy_id, OLD.layer_id, OLD.restores, OLD.base_version, OLD.reason, OLD.revert) THEN
    RAISE EXCEPTION 'a proposed change is decided once and never edited' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
-- What is handed down may need a second person too, and carries who that was.
DROP FUNCTION qg_heirs(uuid);
DROP FUNCTION qg_pass_on(uuid, uuid, text, timestamptz, jsonb);
CREATE FUNCTION qg_heirs(parent uuid)
RETURNS TABLE (tenant_id uuid, msp_id uuid, policy_id uuid, version int, document text, chain text, template text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF qg_writing() IS DISTINCT FROM qg_tenant_msp() THEN
    RAISE EXCEPTION 'not the tenant of an MSP' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM FROM policies p WHERE p.parent_id = parent AND p.msp_id = qg_tenant_msp() ORDER BY p.tenant_id, p.id FOR UPDATE;
  RETURN QUERY SELECT p.tenant_id, p.msp_id, p.id, v.version, v.document, v.chain, p.template
    FROM policies p JOIN policy_versions v
      ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.version = p.current_version
    WHERE p.parent_id = parent AND p.msp_id = qg_tenant_msp() ORDER BY p.tenant_id, p.id;
END
$$;
-- The next versions of these policies, and what announces them.
CREATE FUNCTION qg_pass_on(parent uuid, author uuid, approver uuid, why text, moment timestamptz, entries jsonb) RETURNS int
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
    INSERT INTO policy_versions (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at, chain,
      approver_id, needs_approval)
    SELECT tenant_id, policy_id, version, msp_id, document, etag, author, why, moment, chain, approver, approver IS NOT NULL FROM given
  ), announced AS (
    INSERT INTO outbox (tenant_id, id, msp_id, kind, payload) SELECT tenant_id, outbox_id, msp_id, kind, payload FROM given
  )
  UPDATE policies p SET current_version = g.version, updated_at = moment FROM given g
    WHERE p.tenant_id = g.tenant_id AND p.id = g.policy_id;
  GET DIAGNOSTICS written = ROW_COUNT;
  RETURN written;
END
$$;
REVOKE ALL ON FUNCTION qg_heirs(uuid), qg_pass_on(uuid, uuid, uuid, text, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_heirs(uuid), qg_pass_on(uuid, uuid, uuid, text, timestamptz, jsonb) TO qg_tenant;
-- Policies with steps to climb, for whoever raises them: no document leaves this function.
CREATE FUNCTION qg_with_ladders() RETURNS TABLE (tenant_id uuid, msp_id uuid, policy_id uuid, version int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT qg_relaying() THEN
    RAISE EXCEPTION 'not the relay' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT p.tenant_id, p.msp_id, p.id, v.version
    FROM policies p JOIN policy_versions v
      ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.version = p.current_version
    JOIN clients c ON c.tenant_id = p.tenant_id AND c.status = 'active'
    WHERE v.document LIKE '%"promote"%' ORDER BY p.tenant_id, p.id;
END
$$;
REVOKE ALL ON FUNCTION qg_with_ladders() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_with_ladders() TO qg_relay;
