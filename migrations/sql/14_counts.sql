-- How often a client's days before today have changed: whoever keeps their sums asks whether they still hold. Every
-- client has a row, so that one who sees none knows that it may not see the days either.
CREATE TABLE past_changes (
  tenant_id uuid PRIMARY KEY, msp_id uuid NOT NULL, changes bigint NOT NULL DEFAULT 0,
  FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
INSERT INTO past_changes (tenant_id, msp_id) SELECT tenant_id, msp_id FROM clients;
SELECT qg_private.guard('past_changes');
GRANT SELECT ON past_changes TO qg_tenant, qg_msp;
CREATE FUNCTION qg_private.begin_past() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.past_changes (tenant_id, msp_id) VALUES (NEW.tenant_id, NEW.msp_id);
  RETURN NULL;
END
$$;
CREATE TRIGGER begin_past AFTER INSERT ON clients FOR EACH ROW EXECUTE FUNCTION qg_private.begin_past();
CREATE FUNCTION qg_private.change_past() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE public.past_changes SET changes = changes + 1 WHERE tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id);
  RETURN NULL;
END
$$;
-- By the wall clock and not by the transaction's: one that began before midnight may end after it.
CREATE TRIGGER past_written AFTER INSERT OR UPDATE ON client_days FOR EACH ROW
  WHEN (NEW.day < (clock_timestamp() AT TIME ZONE 'UTC')::date) EXECUTE FUNCTION qg_private.change_past();
CREATE TRIGGER past_deleted AFTER DELETE ON client_days FOR EACH ROW EXECUTE FUNCTION qg_private.change_past();

-- Whoever changes a violation holds its client's counts first, as recording does: else each could wait for the other.
CREATE FUNCTION qg_hold_counts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM FROM public.tenant_counters WHERE tenant_id = public.qg_writing() FOR UPDATE;
END
$$;
REVOKE ALL ON FUNCTION qg_private.begin_past(), qg_private.change_past(), qg_hold_counts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_hold_counts() TO qg_tenant;

-- What is left of mails that were sent or given up, and of links that hold no more, for whoever clears them away.
CREATE FUNCTION qg_clear_mail(days int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  oldest timestamptz := now() - make_interval(days => days);
  mails bigint;
  links bigint;
BEGIN
  IF NOT public.qg_relaying() OR days < 1 THEN
    RAISE EXCEPTION 'not the relay, or too soon' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.mails WHERE coalesce(sent_at, given_up_at) < oldest;
  GET DIAGNOSTICS mails = ROW_COUNT;
  DELETE FROM public.one_use_links WHERE least(used_at, revoked_at, expires_at) < oldest;
  GET DIAGNOSTICS links = ROW_COUNT;
  RETURN mails + links;
END
$$;
REVOKE ALL ON FUNCTION qg_clear_mail(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_clear_mail(int) TO qg_relay;

-- Clients from before the random half of their keys get one, unless digests in their policies were made without it:
-- known values could no longer be found. Nobody makes such digests anew but who knows the values.
CREATE FUNCTION qg_private.complete_keys() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
  completed bigint;
BEGIN
  UPDATE public.tenant_keys k SET salt = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
  WHERE salt = '' AND NOT EXISTS (
    SELECT FROM public.policy_versions v WHERE v.tenant_id = k.tenant_id AND strpos(v.document || coalesce(v.chain, ''), '"digests"') > 0
    UNION ALL
    SELECT FROM public.policy_layer_versions v WHERE v.tenant_id IN (k.tenant_id, k.msp_id) AND strpos(v.document, '"digests"') > 0
    UNION ALL
    SELECT FROM public.policy_changes c WHERE c.tenant_id = k.tenant_id AND c.status = 'pending' AND strpos(c.patch, '"digests"') > 0);
  GET DIAGNOSTICS completed = ROW_COUNT;
  RETURN completed;
END
$$;
REVOKE ALL ON FUNCTION qg_private.complete_keys() FROM PUBLIC;
