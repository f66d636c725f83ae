SELECT qg_private.guard('client_days', 'audit_days', 'audit_hours', 'service_days', 'active_people', 'violation_days', 'violation_states',
  'attestations', 'service_sightings', 'exceptions', 'exception_decisions', 'notices');
GRANT SELECT ON client_days, audit_days, audit_hours, service_days, active_people, violation_days, violation_states
  TO qg_tenant, qg_msp;
GRANT SELECT, INSERT ON attestations, exceptions, exception_decisions, notices TO qg_tenant;
GRANT SELECT, INSERT, UPDATE (count, last_at) ON service_sightings TO qg_tenant;
GRANT UPDATE (status, minutes, starts_at, ends_at, version) ON exceptions TO qg_tenant;
GRANT SELECT ON attestations, service_sightings, exceptions, exception_decisions, notices TO qg_msp;
GRANT UPDATE (owner_id, status_at, status_reason, version) ON client_policy_violations TO qg_tenant;
REVOKE UPDATE ON approvals FROM qg_tenant;

-- An exception begins with as many approvals as it needs, and what has been decided stays decided.
CREATE FUNCTION qg_private.refuse_unapproved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  approvals bigint;
BEGIN
  IF OLD.status IN ('rejected', 'ended') OR (OLD.status = 'approved' AND NEW.status <> 'ended') THEN
    RAISE EXCEPTION 'the exception is decided' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status = 'approved' THEN
    SELECT count(*) INTO approvals FROM public.exception_decisions d
      WHERE d.tenant_id = NEW.tenant_id AND d.exception_id = NEW.id AND d.decision = 'approve';
    IF approvals < NEW.approvers_needed THEN
      RAISE EXCEPTION 'the exception needs % approvers', NEW.approvers_needed USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
CREATE FUNCTION qg_private.refuse_undecided() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.status <> 'pending' THEN
    RAISE EXCEPTION 'an exception begins undecided' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION qg_private.refuse_unapproved(), qg_private.refuse_undecided() FROM PUBLIC;
CREATE TRIGGER approved_enough BEFORE UPDATE ON exceptions FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_unapproved();
CREATE TRIGGER begins_undecided BEFORE INSERT ON exceptions FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_undecided();
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['attestations', 'approvals', 'exception_decisions', 'notices']
  LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW'
      ' EXECUTE FUNCTION qg_private.refuse_change()', name);
    EXECUTE format('CREATE TRIGGER no_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT'
      ' EXECUTE FUNCTION qg_private.refuse_change()', name);
  END LOOP;
END
$$;
