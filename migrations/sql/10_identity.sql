-- Mail that waits to be sent: sealed, because it holds links that let somebody in; wiped once it is sent or given up.
CREATE TABLE mails (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, user_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invitation', 'password_reset', 'password_changed', 'second_factor_changed')),
  sealed text, attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_try_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL,
  sent_at timestamptz, given_up_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id),
  CHECK (sent_at IS NULL OR given_up_at IS NULL)
);
CREATE INDEX mails_waiting ON mails (next_try_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
-- Links that hold once and not for long; only a hash of what is in the mail is kept.
CREATE TABLE one_use_links (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, user_id uuid NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('invitation', 'password_reset')),
  token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
  expires_at timestamptz NOT NULL, used_at timestamptz, revoked_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX one_use_links_by_token ON one_use_links (token_hash);
CREATE INDEX one_use_links_of_user ON one_use_links (tenant_id, user_id, created_at);
-- Where an organisation's people sign in, and who of them is who there.
CREATE TABLE identity_providers (
  tenant_id uuid NOT NULL PRIMARY KEY, msp_id uuid NOT NULL,
  issuer text NOT NULL CHECK (length(issuer) BETWEEN 8 AND 500), client_id text NOT NULL CHECK (length(client_id) BETWEEN 1 AND 200),
  sealed_secret text NOT NULL, domains text[] NOT NULL CHECK (cardinality(domains) BETWEEN 1 AND 20),
  trusts_mfa boolean NOT NULL DEFAULT false, is_enabled boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE identities (
  tenant_id uuid NOT NULL, user_id uuid NOT NULL, msp_id uuid NOT NULL, issuer text NOT NULL, subject text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, user_id), UNIQUE (tenant_id, issuer, subject),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
-- Whether a second factor was shown elsewhere, to a provider that is trusted with it.
ALTER TABLE sessions ADD COLUMN is_multi_factor boolean NOT NULL DEFAULT false;

SELECT qg_private.guard('mails', 'one_use_links', 'identity_providers', 'identities');
SELECT qg_private.guard_administered('mails', 'one_use_links', 'identity_providers', 'identities');
CREATE POLICY sign_in_all ON mails TO qg_sign_in USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
CREATE POLICY sign_in_all ON one_use_links TO qg_sign_in
  USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
CREATE POLICY sign_in_all ON identities TO qg_sign_in USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
CREATE POLICY sign_in_reads ON identity_providers FOR SELECT TO qg_sign_in USING ((SELECT qg_signing_in()));
CREATE POLICY relay_reads ON mails FOR SELECT TO qg_relay USING ((SELECT qg_relaying()));
CREATE POLICY relay_marks ON mails FOR UPDATE TO qg_relay USING ((SELECT qg_relaying())) WITH CHECK ((SELECT qg_relaying()));

GRANT INSERT ON mails TO qg_sign_in, qg_admin;
GRANT SELECT, UPDATE (sealed, attempts, next_try_at, sent_at, given_up_at) ON mails TO qg_relay;
GRANT SELECT, INSERT, UPDATE (used_at, revoked_at) ON one_use_links TO qg_sign_in;
GRANT SELECT (tenant_id, id, msp_id, user_id, purpose, expires_at, used_at, revoked_at, created_at), INSERT,
  UPDATE (revoked_at) ON one_use_links TO qg_admin;
GRANT SELECT (tenant_id, msp_id, issuer, client_id, domains, trusts_mfa, is_enabled, version, created_at) ON identity_providers
  TO qg_tenant, qg_msp, qg_admin;
GRANT INSERT, UPDATE (issuer, client_id, sealed_secret, domains, trusts_mfa, is_enabled, version), DELETE
  ON identity_providers TO qg_admin;
GRANT SELECT ON identity_providers TO qg_sign_in;
GRANT SELECT, INSERT ON identities TO qg_sign_in;
GRANT SELECT, DELETE ON identities TO qg_admin;

-- Signing in makes an invited person an active one, and changes no other state.
GRANT UPDATE (status) ON users TO qg_sign_in;
CREATE FUNCTION qg_private.only_accepts() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF current_user = 'qg_sign_in' AND NOT (OLD.status = 'invited' AND NEW.status = 'active') THEN
    RAISE EXCEPTION 'signing in only accepts an invitation' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION qg_private.only_accepts() FROM PUBLIC;
CREATE TRIGGER only_accepts BEFORE UPDATE OF status ON users FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION qg_private.only_accepts();
