-- The tables. tenant_id comes first in every key, unique and foreign key, so that nothing can be probed.
CREATE TABLE ai_services (
  id varchar(64) PRIMARY KEY, name text NOT NULL, vendor text NOT NULL, hosts text[] NOT NULL,
  category text NOT NULL, trains_on_input boolean, baa_available boolean, home_url text NOT NULL,
  source text NOT NULL, checked_on date NOT NULL
);
CREATE TABLE compliance_frameworks (
  id varchar(64) PRIMARY KEY, name text NOT NULL, version text NOT NULL, source text NOT NULL
);
CREATE TABLE msps (
  msp_id uuid PRIMARY KEY, name text NOT NULL, slug text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended')),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE clients (
  tenant_id uuid PRIMARY KEY, msp_id uuid NOT NULL REFERENCES msps, name text NOT NULL, slug text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'archived')),
  seats int NOT NULL DEFAULT 0 CHECK (seats >= 0), country text NOT NULL DEFAULT 'US',
  timezone text NOT NULL DEFAULT 'UTC', created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, msp_id)
);
CREATE INDEX clients_of_msp ON clients (msp_id, name);
CREATE TABLE users (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, client_id uuid,
  email text NOT NULL, display_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('super_admin', 'msp_admin', 'msp_technician', 'client_admin', 'auditor', 'end_user')),
  password_hash text, totp_secret text, status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  permission_epoch int NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, email),
  -- Who has no client sees all clients of the MSP: only a row of the MSP itself can be such a person.
  CHECK (tenant_id = coalesce(client_id, msp_id)),
  CHECK (client_id IS NULL OR role NOT IN ('super_admin', 'msp_admin', 'msp_technician')),
  FOREIGN KEY (client_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX users_by_email ON users (email);
CREATE TABLE devices (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, user_id uuid NOT NULL,
  name text NOT NULL, browser text NOT NULL, extension_version text NOT NULL, public_key jsonb,
  enrolled_at timestamptz NOT NULL, last_seen_at timestamptz NOT NULL, revoked_at timestamptz,
  policy_version int, rulebook_version text, acknowledged_at timestamptz, adapter_health jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX devices_of_msp ON devices (msp_id);
CREATE TABLE sessions (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, user_id uuid NOT NULL, device_id uuid,
  counter int NOT NULL DEFAULT 0, rotated_at timestamptz NOT NULL, last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL, revoked_at timestamptz, revoked_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  FOREIGN KEY (tenant_id, device_id) REFERENCES devices (tenant_id, id)
);
CREATE INDEX sessions_of_user ON sessions (tenant_id, user_id);
CREATE TABLE enrolment_codes (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, code_hash bytea NOT NULL,
  uses_left int NOT NULL CHECK (uses_left >= 0), max_uses int NOT NULL CHECK (max_uses > 0),
  failed_tries int NOT NULL DEFAULT 0, expires_at timestamptz NOT NULL, created_by uuid, revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, code_hash),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX enrolment_codes_by_hash ON enrolment_codes (code_hash);
CREATE TABLE policies (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, name text NOT NULL, template text NOT NULL,
  current_version int NOT NULL CHECK (current_version > 0), updated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE TABLE policy_versions (
  tenant_id uuid NOT NULL, policy_id uuid NOT NULL, version int NOT NULL CHECK (version > 0), msp_id uuid NOT NULL,
  document text NOT NULL, etag text NOT NULL, author_id uuid, reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, policy_id, version),
  FOREIGN KEY (tenant_id, policy_id) REFERENCES policies (tenant_id, id)
);
CREATE TABLE outbox (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, kind text NOT NULL, payload jsonb NOT NULL,
  published_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX outbox_pending ON outbox (created_at) WHERE published_at IS NULL;
CREATE TABLE approvals (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  ai_service_id varchar(64) NOT NULL REFERENCES ai_services, framework_id varchar(64) REFERENCES compliance_frameworks,
  status text NOT NULL CHECK (status IN ('approved', 'tolerated', 'under_review', 'prohibited')),
  decided_by uuid, reason text NOT NULL, review_due date, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE NULLS NOT DISTINCT (tenant_id, ai_service_id, framework_id),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE TABLE tenant_counters (
  tenant_id uuid PRIMARY KEY, msp_id uuid NOT NULL, last_sequence bigint NOT NULL DEFAULT 0,
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE TABLE audit_event_ids (
  tenant_id uuid NOT NULL, event_id uuid NOT NULL, msp_id uuid NOT NULL, submission_id uuid NOT NULL,
  sequence bigint NOT NULL, recorded_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, event_id)
);
CREATE TABLE client_audit_logs (
  tenant_id uuid NOT NULL, recorded_at timestamptz NOT NULL, sequence bigint NOT NULL, msp_id uuid NOT NULL,
  event_id uuid NOT NULL, submission_id uuid NOT NULL,
  entry_kind text NOT NULL CHECK (entry_kind IN ('verdict', 'disposition')),
  user_id uuid NOT NULL, device_id uuid, ai_service_id text, service_host text NOT NULL, channel text NOT NULL,
  size int NOT NULL CHECK (size >= 0), action text NOT NULL CHECK (action IN ('allow', 'flag', 'warn', 'block')),
  disposition text NOT NULL, kinds jsonb NOT NULL, rule_ids text[] NOT NULL, policy_version int NOT NULL,
  rulebook_version text NOT NULL, engine text NOT NULL CHECK (engine IN ('server', 'extension')),
  occurred_at timestamptz NOT NULL, late boolean NOT NULL, header bytea NOT NULL,
  PRIMARY KEY (tenant_id, recorded_at, sequence)
) PARTITION BY RANGE (recorded_at);
CREATE INDEX audit_by_sequence ON client_audit_logs (tenant_id, sequence);
CREATE INDEX audit_of_msp ON client_audit_logs (msp_id, recorded_at);
CREATE TABLE client_audit_logs_other PARTITION OF client_audit_logs DEFAULT;
CREATE TABLE client_policy_violations (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, sequence bigint NOT NULL, user_id uuid NOT NULL,
  device_id uuid, ai_service_id text, service_host text NOT NULL, channel text NOT NULL,
  action text NOT NULL CHECK (action IN ('flag', 'warn', 'block')),
  severity text NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
  kinds jsonb NOT NULL, disposition text NOT NULL, policy_version int NOT NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'triaged', 'resolved', 'false_positive', 'escalated')),
  occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX violations_by_sequence ON client_policy_violations (tenant_id, sequence DESC);
CREATE INDEX violations_of_msp ON client_policy_violations (msp_id, recorded_at DESC);
CREATE TABLE pattern_detections (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, violation_id uuid NOT NULL, rule_id text NOT NULL,
  type text NOT NULL, category text NOT NULL, severity text NOT NULL, confidence real NOT NULL,
  span_start int NOT NULL CHECK (span_start >= 0), span_length int NOT NULL CHECK (span_length > 0),
  mask text NOT NULL, value_digest bytea, rulebook_version text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, violation_id) REFERENCES client_policy_violations (tenant_id, id)
);
CREATE INDEX detections_of_violation ON pattern_detections (tenant_id, violation_id);
