-- Second factors: sealed secrets, one use of each code, recovery codes of which only hashes are kept.
ALTER TABLE users
  ADD COLUMN totp_pending text,
  ADD COLUMN totp_last_step bigint,
  ADD COLUMN second_factor text NOT NULL DEFAULT 'by_role' CHECK (second_factor IN ('by_role', 'required', 'waived'));
CREATE TABLE recovery_codes (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, user_id uuid NOT NULL, code_hash bytea NOT NULL,
  used_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, code_hash),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id)
);
CREATE INDEX recovery_codes_of_user ON recovery_codes (tenant_id, user_id);
SELECT qg_private.guard('recovery_codes');
-- Nobody but sign-in reads or writes what people sign in with.
CREATE POLICY sign_in_all ON recovery_codes TO qg_sign_in
  USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
CREATE POLICY sign_in_writes ON users FOR UPDATE TO qg_sign_in
  USING ((SELECT qg_signing_in())) WITH CHECK ((SELECT qg_signing_in()));
GRANT UPDATE (password_hash, totp_secret, totp_pending, totp_last_step) ON users TO qg_sign_in;
GRANT SELECT, INSERT, UPDATE (used_at) ON recovery_codes TO qg_sign_in;
