DROP TABLE justifications;
DROP INDEX exceptions_asked_once;
ALTER TABLE exceptions DROP CONSTRAINT exceptions_last_as_granted;
ALTER TABLE exception_decisions DROP CONSTRAINT exception_decisions_say_how_long;
CREATE OR REPLACE FUNCTION qg_private.refuse_unapproved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
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
