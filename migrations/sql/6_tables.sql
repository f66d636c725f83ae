-- Layers of policies beside the client's own: templates of an MSP (tenant_id is the MSP), of groups, of single people.
CREATE TABLE policy_layers (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  owner_kind text NOT NULL CHECK (owner_kind IN ('msp_template', 'group', 'user')),
  owner_id uuid NOT NULL, name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200), template text NOT NULL,
  current_version int NOT NULL CHECK (current_version > 0), updated_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, owner_kind, owner_id),
  CHECK ((owner_kind = 'msp_template') = (tenant_id = msp_id)),
  CHECK (owner_kind <> 'msp_template' OR owner_id = id)
);
CREATE TABLE policy_layer_versions (
  tenant_id uuid NOT NULL, layer_id uuid NOT NULL, version int NOT NULL CHECK (version > 0), msp_id uuid NOT NULL,
  document text NOT NULL, etag text NOT NULL, author_id uuid, reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, layer_id, version),
  FOREIGN KEY (tenant_id, layer_id) REFERENCES policy_layers (tenant_id, id)
);
-- parent_id is a template of the MSP; chain holds the layers that made a version, NULL for a whole document of before.
ALTER TABLE policies ADD COLUMN parent_id uuid;
CREATE INDEX policies_of_parent ON policies (parent_id) WHERE parent_id IS NOT NULL;
ALTER TABLE policy_versions ADD COLUMN chain text;
-- Whoever proposes a weakening is never the one who approves it.
ALTER TABLE policy_versions ADD COLUMN approver_id uuid, ADD COLUMN needs_approval boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT author_is_not_approver CHECK (approver_id IS NULL OR (author_id IS NOT NULL AND approver_id <> author_id)),
  ADD CONSTRAINT approved_where_needed CHECK (NOT needs_approval OR approver_id IS NOT NULL);
CREATE TABLE policy_changes (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, policy_id uuid NOT NULL,
  base_version int NOT NULL CHECK (base_version > 0), patch text NOT NULL, revert text[] NOT NULL, weakens text[] NOT NULL,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected')),
  author_id uuid NOT NULL, decided_by uuid, decided_at timestamptz, decision text,
  version int, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, policy_id) REFERENCES policies (tenant_id, id),
  CHECK ((status = 'pending') = (decided_by IS NULL)), CHECK (decided_by IS NULL OR decided_by <> author_id),
  CHECK ((status = 'approved') = (version IS NOT NULL))
);
CREATE INDEX policy_changes_pending ON policy_changes (tenant_id, created_at) WHERE status = 'pending';
