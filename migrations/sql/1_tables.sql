-- Groups of a client's people, staff assignments, lockboxes, and the trail of what administrators changed.
ALTER TABLE msps ADD COLUMN version int NOT NULL DEFAULT 1 CHECK (version > 0), ADD COLUMN suspended_at timestamptz;
ALTER TABLE clients
  ADD COLUMN version int NOT NULL DEFAULT 1 CHECK (version > 0),
  ADD COLUMN frameworks text[] NOT NULL DEFAULT '{}',
  ADD COLUMN suspended_at timestamptz,
  ADD COLUMN grace_days int NOT NULL DEFAULT 30 CHECK (grace_days BETWEEN 0 AND 365),
  DROP CONSTRAINT clients_status_check,
  ADD CONSTRAINT clients_status_check CHECK (status IN ('active', 'suspended', 'archived', 'offboarded'));
ALTER TABLE users
  DROP CONSTRAINT users_status_check,
  ADD CONSTRAINT users_status_check CHECK (status IN ('active', 'invited', 'suspended', 'disabled', 'archived'));
CREATE TABLE groups (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120), description text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1 CHECK (version > 0), created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE TABLE group_members (
  tenant_id uuid NOT NULL, group_id uuid NOT NULL, user_id uuid NOT NULL, msp_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, group_id, user_id),
  FOREIGN KEY (tenant_id, group_id) REFERENCES groups (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX groups_of_user ON group_members (tenant_id, user_id);
-- Which clients a technician looks after. Staff are rows of the MSP itself.
CREATE TABLE assignments (
  tenant_id uuid NOT NULL, user_id uuid NOT NULL, msp_id uuid NOT NULL, assigned_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id),
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id),
  FOREIGN KEY (msp_id, user_id) REFERENCES users (tenant_id, id)
);
-- A client that has closed its lockbox is not to be entered by its MSP, but for the time it allows.
CREATE TABLE lockboxes (
  tenant_id uuid PRIMARY KEY, msp_id uuid NOT NULL, is_closed boolean NOT NULL, open_until timestamptz,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500), set_by uuid NOT NULL, set_at timestamptz NOT NULL,
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
-- Which browsers were heard of in which month: what a client is billed for.
CREATE TABLE seat_months (
  tenant_id uuid NOT NULL, month date NOT NULL, device_id uuid NOT NULL, msp_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, month, device_id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX seat_months_of_msp ON seat_months (msp_id, month);
INSERT INTO seat_months (tenant_id, month, device_id, msp_id)
  SELECT tenant_id, date_trunc('month', last_seen_at AT TIME ZONE 'UTC')::date, id, msp_id FROM devices;
-- Answers of requests that make something, kept sealed for a day, so that a repetition makes nothing twice.
CREATE TABLE idempotency_keys (
  tenant_id uuid NOT NULL, id bytea NOT NULL CHECK (length(id) = 32), msp_id uuid NOT NULL,
  body_digest bytea NOT NULL CHECK (length(body_digest) = 32), status int, answer bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id)
);
-- The random half of a client's keys; the other half comes from the master key. Who destroys it destroys them.
-- Clients from before have none, so their keys follow from the master key alone.
CREATE TABLE tenant_keys (
  tenant_id uuid PRIMARY KEY, msp_id uuid NOT NULL, salt bytea CHECK (length(salt) IN (0, 32)), destroyed_at timestamptz,
  CHECK ((salt IS NULL) = (destroyed_at IS NOT NULL)), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
INSERT INTO tenant_keys (tenant_id, msp_id, salt) SELECT tenant_id, msp_id, '' FROM clients;
-- tenant_id is the client changed, or the MSP itself; the actor may belong to another tenant.
CREATE TABLE admin_events (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(), actor_id uuid, actor_role text NOT NULL,
  action text NOT NULL CHECK (action ~ '^[a-z_]{1,40}\.[a-z_]{1,40}$'),
  subject_kind text NOT NULL CHECK (subject_kind ~ '^[a-z_]{1,40}$'),
  subject_id text NOT NULL CHECK (length(subject_id) <= 128),
  reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
  details jsonb NOT NULL DEFAULT '{}' CHECK (length(details::text) <= 8192),
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX admin_events_of_tenant ON admin_events (tenant_id, at DESC, id DESC);
CREATE INDEX admin_events_of_msp ON admin_events (msp_id, at DESC, id DESC);
