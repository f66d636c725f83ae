-- Sign-ins end by themselves when what they rest on changes, whoever changes it and however.
ALTER TABLE sessions ADD COLUMN agent text NOT NULL DEFAULT '' CHECK (length(agent) <= 64);
CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE FUNCTION qg_private.end_sessions_of_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE public.sessions SET revoked_at = clock_timestamp(), revoked_reason = 'account changed'
    WHERE tenant_id = NEW.tenant_id AND user_id = NEW.id AND revoked_at IS NULL
      AND (device_id IS NULL OR NEW.status <> 'active');
  RETURN NULL;
END
$$;
CREATE FUNCTION qg_private.end_sessions_of_device() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE public.sessions SET revoked_at = clock_timestamp(), revoked_reason = 'browser revoked'
    WHERE tenant_id = NEW.tenant_id AND device_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION qg_private.end_sessions_of_user(), qg_private.end_sessions_of_device() FROM PUBLIC;
CREATE TRIGGER end_sessions AFTER UPDATE OF role, status, permission_epoch, password_hash ON users FOR EACH ROW
  WHEN (OLD.role IS DISTINCT FROM NEW.role OR OLD.permission_epoch IS DISTINCT FROM NEW.permission_epoch
    OR OLD.password_hash IS DISTINCT FROM NEW.password_hash
    OR (OLD.status IS DISTINCT FROM NEW.status AND NEW.status <> 'active'))
  EXECUTE FUNCTION qg_private.end_sessions_of_user();
CREATE TRIGGER end_sessions AFTER UPDATE OF revoked_at ON devices FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION qg_private.end_sessions_of_device();
