-- What is known of AI services in closed answers, decisions of single groups, requests to use a service.
ALTER TABLE ai_services
  DROP COLUMN trains_on_input, DROP COLUMN baa_available, DROP COLUMN dpa_available, DROP COLUMN sso,
  DROP COLUMN residency, DROP COLUMN retention_days;
ALTER TABLE ai_services
  ADD COLUMN training text NOT NULL DEFAULT 'unknown'
    CHECK (training IN ('no', 'not_on_business_plans', 'by_default', 'unknown')),
  ADD COLUMN baa text NOT NULL DEFAULT 'unknown' CHECK (baa IN ('yes', 'on_plan', 'no', 'unknown')),
  ADD COLUMN dpa text NOT NULL DEFAULT 'unknown' CHECK (dpa IN ('yes', 'on_plan', 'no', 'unknown')),
  ADD COLUMN sso text NOT NULL DEFAULT 'unknown' CHECK (sso IN ('yes', 'on_plan', 'no', 'unknown')),
  ADD COLUMN residency text NOT NULL DEFAULT 'unknown' CHECK (residency IN ('choice', 'stated', 'unknown')),
  ADD COLUMN retention text NOT NULL DEFAULT 'unknown'
    CHECK (retention IN ('none', 'choice', 'days_30', 'until_deleted', 'unlimited', 'unknown')),
  ADD COLUMN regions text[] NOT NULL DEFAULT '{}', ADD COLUMN plan text NOT NULL DEFAULT '',
  ADD COLUMN shared_hosts text[] NOT NULL DEFAULT '{}';

ALTER TABLE approvals DROP CONSTRAINT approvals_status_check;
ALTER TABLE approvals ADD CONSTRAINT approvals_status_check
  CHECK (status IN ('approved', 'tolerated', 'under_review', 'prohibited', 'withdrawn'));
-- A group's decision stands beside the client's and never rewrites it. There is no foreign key: what a group was
-- told stays told when the group is gone.
ALTER TABLE approvals ADD COLUMN group_id uuid;
DROP INDEX approvals_newest;
CREATE INDEX approvals_newest ON approvals (tenant_id, ai_service_id, framework_id, group_id, created_at DESC, id DESC);
CREATE INDEX approvals_of_service ON approvals (tenant_id, ai_service_id, created_at DESC, id DESC);

-- Somebody asks to use an AI service; whom it is for: one person or one group.
CREATE TABLE service_requests (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  service text NOT NULL CHECK (service ~ '^[a-z0-9._:-]{1,253}$'), ai_service_id varchar(64) REFERENCES ai_services,
  user_id uuid, group_id uuid, requested_by uuid NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500), days int NOT NULL CHECK (days BETWEEN 1 AND 366),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected', 'ended')),
  decided_by uuid, decided_at timestamptz, decision text CHECK (length(decision) BETWEEN 1 AND 500),
  ends_at timestamptz, version int NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id),
  CHECK (num_nonnulls(user_id, group_id) = 1), CHECK ((status = 'pending') = (decided_by IS NULL)),
  CHECK (decided_by IS NULL OR decided_by <> requested_by),
  CHECK (status NOT IN ('approved', 'ended') OR (ends_at IS NOT NULL AND ai_service_id IS NOT NULL))
);
CREATE INDEX service_requests_newest ON service_requests (tenant_id, created_at DESC, id DESC);
CREATE INDEX service_requests_of_msp ON service_requests (msp_id, created_at DESC, id DESC);
CREATE INDEX service_requests_running ON service_requests (tenant_id, ends_at) WHERE status = 'approved';
SELECT qg_private.guard('service_requests');
GRANT SELECT, INSERT ON service_requests TO qg_tenant;
GRANT UPDATE (status, decided_by, decided_at, decision, ends_at, version) ON service_requests TO qg_tenant;
GRANT SELECT ON service_requests TO qg_msp;

-- A request is decided once; what was approved may only end earlier.
CREATE FUNCTION qg_private.keep_answered() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'pending' THEN
      RAISE EXCEPTION 'a request begins undecided' USING ERRCODE = 'insufficient_privilege';
    END IF;
  ELSIF TG_OP = 'DELETE' OR OLD.status IN ('rejected', 'ended') OR (OLD.status = 'pending' AND NEW.status = 'ended')
     OR (OLD.status = 'approved' AND (NEW.status <> 'ended' OR NEW.ends_at > OLD.ends_at OR NEW.decided_by <> OLD.decided_by)) THEN
    RAISE EXCEPTION 'a request is decided once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION qg_private.keep_answered() FROM PUBLIC;
CREATE TRIGGER keep_answered BEFORE INSERT OR UPDATE OR DELETE ON service_requests FOR EACH ROW EXECUTE FUNCTION qg_private.keep_answered();

-- Kinds of notices are named by who writes them.
ALTER TABLE notices DROP CONSTRAINT IF EXISTS notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind ~ '^[a-z]+[.][a-z_]+$');
