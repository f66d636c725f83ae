-- Exceptions are bounded by the database too, and a reason for going on after a warning is kept.
ALTER TABLE exceptions ADD CONSTRAINT exceptions_last_as_granted
  CHECK (status <> 'approved' OR extract(epoch FROM ends_at - starts_at) <= minutes * 60);
CREATE UNIQUE INDEX exceptions_asked_once ON exceptions (tenant_id, submission_id) WHERE status = 'pending';
ALTER TABLE exception_decisions ADD CONSTRAINT exception_decisions_say_how_long
  CHECK (decision <> 'approve' OR minutes IS NOT NULL);

-- As before, and: whoever said no is not outvoted, nobody grants more than each approver did, and what
-- has begun only ends earlier.
CREATE OR REPLACE FUNCTION qg_private.refuse_unapproved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  approvals bigint;
  rejections bigint;
  fewest int;
BEGIN
  IF OLD.status IN ('rejected', 'ended') OR (OLD.status = 'approved' AND NEW.status <> 'ended') THEN
    RAISE EXCEPTION 'the exception is decided' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.status = 'approved' AND NEW.ends_at > OLD.ends_at THEN
    RAISE EXCEPTION 'an exception is not prolonged' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status = 'approved' THEN
    SELECT count(*) FILTER (WHERE d.decision = 'approve'), count(*) FILTER (WHERE d.decision = 'reject'), min(d.minutes)
      INTO approvals, rejections, fewest FROM public.exception_decisions d
      WHERE d.tenant_id = NEW.tenant_id AND d.exception_id = NEW.id;
    IF approvals < NEW.approvers_needed THEN
      RAISE EXCEPTION 'the exception needs % approvers', NEW.approvers_needed USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF rejections > 0 OR NEW.minutes > fewest THEN
      RAISE EXCEPTION 'the exception was not granted like this' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END
$$;

-- Why somebody went on after a warning; the words are scanned before they come here.
CREATE TABLE justifications (
  tenant_id uuid NOT NULL, event_id uuid NOT NULL, msp_id uuid NOT NULL, submission_id uuid NOT NULL, user_id uuid NOT NULL,
  justification text NOT NULL
    CHECK (justification IN ('treatment', 'operations', 'legal', 'public_data', 'synthetic_data', 'consent', 'other')),
  words text NOT NULL CHECK (length(words) BETWEEN 1 AND 500), created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, event_id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX justifications_of_submission ON justifications (tenant_id, submission_id);
CREATE INDEX justifications_of_msp ON justifications (msp_id, created_at DESC);
SELECT qg_private.guard('justifications');
GRANT SELECT, INSERT ON justifications TO qg_tenant;
GRANT SELECT ON justifications TO qg_msp;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON justifications FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON justifications FOR EACH STATEMENT EXECUTE FUNCTION qg_private.refuse_change();
