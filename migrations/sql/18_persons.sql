-- Who leaves takes their keys along: somebody let in again later makes new ones.
CREATE FUNCTION qg_private.end_keys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE public.api_keys SET revoked_at = now()
    WHERE tenant_id = NEW.tenant_id AND user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION qg_private.end_keys() FROM PUBLIC;
CREATE TRIGGER keys_end AFTER UPDATE OF status ON users FOR EACH ROW
  WHEN (NEW.status = 'archived') EXECUTE FUNCTION qg_private.end_keys();
-- A password that is replaced by mail ends what was made under the old one.
GRANT UPDATE (revoked_at) ON api_keys TO qg_sign_in;

-- Who made the code for this one browser, and so may have enrolled it under another's name.
ALTER TABLE devices ADD COLUMN enrolled_by uuid;
