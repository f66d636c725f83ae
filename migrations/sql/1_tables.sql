-- Groups of a client's people, and the trail of everything an administrator changed.
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
