-- Keys for programs: what a person may do, or less of it, until a date. Only a hash of the secret is kept.
CREATE TABLE api_keys (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, user_id uuid NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  prefix text NOT NULL CHECK (prefix ~ '^[0-9a-f]{12}$'),
  secret_hash bytea NOT NULL CHECK (length(secret_hash) = 32),
  scopes text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 64),
  expires_at timestamptz NOT NULL, last_used_at timestamptz, revoked_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, prefix),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX api_keys_by_prefix ON api_keys (prefix);
SELECT qg_private.guard('api_keys');
CREATE POLICY sign_in_all ON api_keys TO qg_sign_in USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
GRANT SELECT, INSERT, UPDATE (expires_at, revoked_at) ON api_keys TO qg_tenant;
GRANT SELECT, UPDATE (last_used_at) ON api_keys TO qg_sign_in;
GRANT SELECT ON api_keys TO qg_msp;
