-- AI services, exceptions, attestations, and counts kept up to date with what is recorded.
ALTER TABLE ai_services
  ADD COLUMN dpa_available boolean, ADD COLUMN sso boolean, ADD COLUMN residency text[], ADD COLUMN retention_days int;
ALTER TABLE client_policy_violations
  ADD COLUMN confidence_ppm int NOT NULL DEFAULT 1000000 CHECK (confidence_ppm BETWEEN 0 AND 1000000),
  ADD COLUMN standing text NOT NULL DEFAULT 'unreviewed'
    CHECK (standing IN ('agreement', 'approved', 'unreviewed', 'prohibited')),
  ADD COLUMN owner_id uuid, ADD COLUMN status_at timestamptz, ADD COLUMN status_reason text NOT NULL DEFAULT '',
  ADD COLUMN version int NOT NULL DEFAULT 1;

-- Each client's days in UTC: one row holds what a dashboard shows. Violations count on the day they were recorded.
-- `qg_score_1` is what they weigh in qg-score-1 before ageing, in eighths of a millionth, so that sums stay exact.
CREATE TABLE client_days (
  tenant_id uuid NOT NULL, day date NOT NULL, msp_id uuid NOT NULL,
  prompts int NOT NULL DEFAULT 0, flag int NOT NULL DEFAULT 0, warn int NOT NULL DEFAULT 0, block int NOT NULL DEFAULT 0,
  prevented int NOT NULL DEFAULT 0, redacted_sent int NOT NULL DEFAULT 0, abandoned int NOT NULL DEFAULT 0, false_positive int NOT NULL DEFAULT 0,
  justified_sent int NOT NULL DEFAULT 0, overridden_sent int NOT NULL DEFAULT 0, sent_unflagged int NOT NULL DEFAULT 0,
  qg_score_1 bigint NOT NULL DEFAULT 0, last_at timestamptz,
  PRIMARY KEY (tenant_id, day), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX client_days_of_msp ON client_days (msp_id, day);
-- Submissions with a finding of a kind.
CREATE TABLE audit_days (
  tenant_id uuid NOT NULL, day date NOT NULL, kind text NOT NULL, action text NOT NULL, msp_id uuid NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, kind, action), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE TABLE audit_hours (
  tenant_id uuid NOT NULL, hour timestamptz NOT NULL, msp_id uuid NOT NULL, count bigint NOT NULL,
  PRIMARY KEY (tenant_id, hour), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX submissions_by_hour ON audit_hours (msp_id, hour) INCLUDE (tenant_id, count);
CREATE TABLE service_days (
  tenant_id uuid NOT NULL, day date NOT NULL, service text NOT NULL, msp_id uuid NOT NULL, count bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, service), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
-- The last day on which somebody asked an AI service anything: who counts as active.
CREATE TABLE active_people (
  tenant_id uuid NOT NULL, user_id uuid NOT NULL, msp_id uuid NOT NULL, last_day date NOT NULL,
  PRIMARY KEY (tenant_id, user_id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX active_people_of_msp ON active_people (msp_id, last_day) INCLUDE (tenant_id);
-- Confidence is summed in millionths: what is taken out again leaves exactly what was there before.
CREATE TABLE violation_days (
  tenant_id uuid NOT NULL, day date NOT NULL, severity text NOT NULL, action text NOT NULL, disposition text NOT NULL,
  standing text NOT NULL, msp_id uuid NOT NULL, count bigint NOT NULL, confidence_ppm bigint NOT NULL,
  PRIMARY KEY (tenant_id, day, severity, action, disposition, standing),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE TABLE violation_states (
  tenant_id uuid NOT NULL, severity text NOT NULL, status text NOT NULL, has_left boolean NOT NULL, msp_id uuid NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (tenant_id, severity, status, has_left),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX violation_states_of_msp ON violation_states (msp_id);

-- What a client says about a control that no test can see; the newest that has not expired counts.
CREATE TABLE attestations (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  control text NOT NULL CHECK (control ~ '^[a-z0-9-]{1,64}$'), percent int NOT NULL CHECK (percent BETWEEN 0 AND 100),
  evidence text NOT NULL CHECK (length(evidence) BETWEEN 1 AND 500), attested_by uuid NOT NULL,
  expires_on date NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX attestations_newest ON attestations (tenant_id, control, created_at DESC);
CREATE INDEX attestations_of_msp ON attestations (msp_id);

-- A decision about an AI service is never rewritten: a new one stands beside it, and the newest counts.
ALTER TABLE approvals DROP CONSTRAINT approvals_tenant_id_ai_service_id_framework_id_key;
ALTER TABLE approvals
  ADD COLUMN owner_id uuid, ADD COLUMN evidence text NOT NULL DEFAULT '' CHECK (length(evidence) <= 500),
  ADD COLUMN agreement text NOT NULL DEFAULT 'none' CHECK (agreement IN ('none', 'baa', 'dpa', 'both'));
CREATE INDEX approvals_newest ON approvals (tenant_id, ai_service_id, framework_id, created_at DESC, id DESC);
-- Hosts that look like an AI service and that nobody lists: host and count, no person, no path.
CREATE TABLE service_sightings (
  tenant_id uuid NOT NULL, host text NOT NULL CHECK (host ~ '^[a-z0-9.-]{1,253}$'), msp_id uuid NOT NULL,
  count bigint NOT NULL CHECK (count > 0), first_at timestamptz NOT NULL, last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, host), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX service_sightings_of_msp ON service_sightings (msp_id, first_at DESC);

-- Somebody may do for a time what the policy stops. Whom it is for: one person or one group.
CREATE TABLE exceptions (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  subject text NOT NULL CHECK (subject IN ('submission', 'service')),
  submission_id uuid, service text NOT NULL CHECK (length(service) BETWEEN 1 AND 253), kinds text[] NOT NULL,
  user_id uuid, group_id uuid, requested_by uuid NOT NULL,
  justification text NOT NULL
    CHECK (justification IN ('treatment', 'operations', 'legal', 'public_data', 'synthetic_data', 'consent', 'other')),
  words text NOT NULL CHECK (length(words) BETWEEN 1 AND 500),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected', 'ended')),
  approvers_needed int NOT NULL CHECK (approvers_needed IN (1, 2)), most_minutes int NOT NULL CHECK (most_minutes > 0),
  minutes int CHECK (minutes > 0), starts_at timestamptz, ends_at timestamptz,
  version int NOT NULL DEFAULT 1, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, id, requested_by),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES groups (tenant_id, id),
  CHECK (num_nonnulls(user_id, group_id) = 1), CHECK (minutes IS NULL OR minutes <= most_minutes),
  CHECK (status <> 'approved' OR (minutes IS NOT NULL AND ends_at > starts_at))
);
CREATE INDEX exceptions_newest ON exceptions (tenant_id, created_at DESC, id DESC);
CREATE INDEX exceptions_of_msp ON exceptions (msp_id, created_at DESC, id DESC);
CREATE INDEX exceptions_running ON exceptions (tenant_id, ends_at) WHERE status = 'approved';
-- One row per approver: two approvals are two people, and neither is who asked.
CREATE TABLE exception_decisions (
  tenant_id uuid NOT NULL, exception_id uuid NOT NULL, approver_id uuid NOT NULL, msp_id uuid NOT NULL,
  requested_by uuid NOT NULL, decision text NOT NULL CHECK (decision IN ('approve', 'reject')),
  minutes int CHECK (minutes > 0), reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, exception_id, approver_id), CHECK (approver_id <> requested_by),
  FOREIGN KEY (tenant_id, exception_id, requested_by) REFERENCES exceptions (tenant_id, id, requested_by)
);
-- What an administrator should hear of: a new AI service, somebody who asks for an exception or says a verdict is wrong.
CREATE TABLE notices (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('service.discovered', 'exception.requested', 'exception.decided', 'verdict.disputed')),
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 253), details jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX notices_newest ON notices (tenant_id, created_at DESC, id DESC);
CREATE INDEX notices_of_msp ON notices (msp_id, created_at DESC, id DESC);
