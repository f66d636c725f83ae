-- What is sent to a webhook is chosen, its secret can be exchanged with an overlap, and it can be paused.
ALTER TABLE webhooks
  ADD COLUMN kinds text[] NOT NULL DEFAULT '{violations}' CHECK (cardinality(kinds) > 0
    AND kinds <@ '{violations,policies,exceptions,services,browsers}'::text[]),
  ADD COLUMN paused_at timestamptz,
  ADD COLUMN sealed_secret_before text,
  ADD COLUMN before_until timestamptz,
  ADD CHECK ((sealed_secret_before IS NULL) = (before_until IS NULL));
GRANT UPDATE (kinds, paused_at, sealed_secret, sealed_secret_before, before_until) ON webhooks TO qg_tenant;

-- Changes that a webhook waits for. Their own numbers do not follow commits, so each waits in a row of its own.
CREATE TABLE webhook_changes (
  tenant_id uuid NOT NULL, webhook_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, kind text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, webhook_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id),
  FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_changes_of_msp ON webhook_changes (msp_id);
-- What became of each sending; only the newest are kept.
CREATE TABLE webhook_deliveries (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL, webhook_id uuid NOT NULL, kind text NOT NULL,
  message_id text NOT NULL, events int NOT NULL CHECK (events >= 0), error text NOT NULL CHECK (length(error) <= 200),
  milliseconds int NOT NULL CHECK (milliseconds >= 0), created_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id),
  FOREIGN KEY (tenant_id, webhook_id) REFERENCES webhooks (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_of_msp ON webhook_deliveries (msp_id);
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (tenant_id, webhook_id, id DESC);
SELECT qg_private.guard('webhook_changes', 'webhook_deliveries');
GRANT SELECT, DELETE ON webhook_changes TO qg_tenant;
GRANT SELECT, INSERT, DELETE ON webhook_deliveries TO qg_tenant;
GRANT SELECT ON webhook_changes, webhook_deliveries TO qg_msp;

-- Whatever the trail of changes tells is put before the webhooks that want it, in the change's own transaction.
CREATE FUNCTION qg_private.tell_webhooks() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
  told text := CASE split_part(NEW.action, '.', 1) WHEN 'policy' THEN 'policies' WHEN 'policy_layer' THEN 'policies'
    WHEN 'exception' THEN 'exceptions' WHEN 'ai_service' THEN 'services' WHEN 'device' THEN 'browsers' END;
BEGIN
  IF told IS NOT NULL THEN
    INSERT INTO webhook_changes (tenant_id, webhook_id, id, msp_id, kind)
      SELECT w.tenant_id, w.id, NEW.id, w.msp_id, told FROM webhooks w
      WHERE w.tenant_id = NEW.tenant_id AND told = ANY (w.kinds);
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION qg_private.tell_webhooks() FROM PUBLIC;
CREATE TRIGGER told AFTER INSERT ON admin_events FOR EACH ROW EXECUTE FUNCTION qg_private.tell_webhooks();

-- A reminder's row says that it was said: it stays until what it is about has come, however soon mail is cleared.
CREATE OR REPLACE FUNCTION qg_clear_mail(days int) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  oldest timestamptz := now() - make_interval(days => days);
  mails bigint;
  links bigint;
BEGIN
  IF NOT public.qg_relaying() OR days < 1 THEN
    RAISE EXCEPTION 'not the relay, or too soon' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.mails WHERE coalesce(sent_at, given_up_at) < oldest
    AND (expires_at < now() OR kind NOT IN ('review_due', 'exception_ending', 'key_ending'));
  GET DIAGNOSTICS mails = ROW_COUNT;
  DELETE FROM public.one_use_links WHERE least(used_at, revoked_at, expires_at) < oldest;
  GET DIAGNOSTICS links = ROW_COUNT;
  RETURN mails + links;
END
$$;

-- Of a suspended client nothing is written, so what waits for its webhooks waits on.
CREATE OR REPLACE FUNCTION qg_webhooks_due(moment timestamptz) RETURNS TABLE (tenant_id uuid, msp_id uuid, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT qg_relaying() THEN
    RAISE EXCEPTION 'not the relay' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT w.tenant_id, w.msp_id, w.id FROM webhooks w
    JOIN clients c ON c.tenant_id = w.tenant_id AND c.status = 'active'
    JOIN msps m ON m.msp_id = w.msp_id AND m.status = 'active'
    WHERE w.given_up_at IS NULL AND w.paused_at IS NULL AND w.next_try_at <= moment AND (
      EXISTS (SELECT FROM webhook_changes n WHERE n.tenant_id = w.tenant_id AND n.webhook_id = w.id)
      OR 'violations' = ANY (w.kinds) AND EXISTS (
        SELECT FROM tenant_counters t WHERE t.tenant_id = w.tenant_id AND t.last_sequence > w.last_sequence))
    ORDER BY w.next_try_at LIMIT 50;
END
$$;
