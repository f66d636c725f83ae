-- When a second factor was shown last in a sign-in: what hands out secrets or whole files asks for a fresh one.
ALTER TABLE sessions ADD COLUMN factor_shown_at timestamptz;
GRANT UPDATE (factor_shown_at) ON sessions TO qg_sign_in;

-- A policy may have become stricter since an exception was asked for; what is asked of approvers only grows.
GRANT UPDATE (approvers_needed, most_minutes) ON exceptions TO qg_tenant;
CREATE FUNCTION qg_private.refuse_loosening() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF NEW.approvers_needed < OLD.approvers_needed OR NEW.most_minutes > OLD.most_minutes THEN
    RAISE EXCEPTION 'what an exception needs is not loosened' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION qg_private.refuse_loosening() FROM PUBLIC;
CREATE TRIGGER not_loosened BEFORE UPDATE ON exceptions FOR EACH ROW EXECUTE FUNCTION qg_private.refuse_loosening();

ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('invitation', 'password_reset', 'password_changed',
  'second_factor_changed', 'review_due', 'exception_ending', 'key_ending'));
-- What ends soon and somebody should hear of before it does, of all tenants that may still change something.
CREATE FUNCTION qg_ending(moment timestamptz) RETURNS TABLE (
  tenant_id uuid, msp_id uuid, kind text, subject text, name text, ends_at timestamptz, person_id uuid
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT qg_relaying() THEN
    RAISE EXCEPTION 'not the relay' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY
    SELECT a.tenant_id, a.msp_id, 'review_due', a.ai_service_id::text || coalesce('/' || a.framework_id, '')
        || coalesce('/' || a.group_id, ''), s.name, (a.review_due + 1)::timestamp AT TIME ZONE 'UTC', a.owner_id
      FROM (SELECT DISTINCT ON (p.tenant_id, p.ai_service_id, p.framework_id, p.group_id) p.*
          FROM approvals p ORDER BY p.tenant_id, p.ai_service_id, p.framework_id, p.group_id, p.created_at DESC, p.id DESC) a
      JOIN ai_services s ON s.id = a.ai_service_id
      JOIN clients c ON c.tenant_id = a.tenant_id AND c.status = 'active'
      WHERE a.status IN ('approved', 'tolerated')
        AND (a.review_due + 1)::timestamp AT TIME ZONE 'UTC' > moment
        AND (a.review_due + 1)::timestamp AT TIME ZONE 'UTC' <= moment + interval '14 days'
    UNION ALL
    SELECT e.tenant_id, e.msp_id, 'exception_ending', e.id::text, e.service, e.ends_at, e.requested_by
      FROM exceptions e JOIN clients c ON c.tenant_id = e.tenant_id AND c.status = 'active'
      WHERE e.status = 'approved' AND e.minutes >= 1440 AND e.ends_at > moment
        AND e.ends_at <= moment + least(interval '1 day', e.minutes * interval '15 seconds')
    UNION ALL
    SELECT k.tenant_id, k.msp_id, 'key_ending', k.id::text, k.name, k.expires_at, k.user_id
      FROM api_keys k
      WHERE k.revoked_at IS NULL AND k.expires_at > moment AND k.expires_at <= moment + interval '14 days'
        AND k.expires_at - k.created_at > interval '14 days'
        AND NOT EXISTS (SELECT FROM clients c WHERE c.tenant_id = k.tenant_id AND c.status <> 'active');
END
$$;

-- Where a client's violations are sent to; what waits for one begins behind its last sequence.
CREATE TABLE webhooks (
  tenant_id uuid NOT NULL, id uuid NOT NULL, msp_id uuid NOT NULL,
  url text NOT NULL CHECK (length(url) BETWEEN 8 AND 500), sealed_secret text NOT NULL,
  last_sequence bigint NOT NULL CHECK (last_sequence >= 0), attempts int NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_try_at timestamptz NOT NULL, failing_since timestamptz, given_up_at timestamptz,
  last_error text NOT NULL DEFAULT '' CHECK (length(last_error) <= 200), created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, msp_id) REFERENCES clients (tenant_id, msp_id)
);
CREATE INDEX webhooks_of_msp ON webhooks (msp_id);
SELECT qg_private.guard('webhooks');
GRANT SELECT, INSERT, DELETE, UPDATE (last_sequence, attempts, next_try_at, failing_since, given_up_at, last_error)
  ON webhooks TO qg_tenant;
GRANT SELECT ON webhooks TO qg_msp;
CREATE FUNCTION qg_webhooks_due(moment timestamptz) RETURNS TABLE (tenant_id uuid, msp_id uuid, id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT qg_relaying() THEN
    RAISE EXCEPTION 'not the relay' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT w.tenant_id, w.msp_id, w.id FROM webhooks w
    JOIN tenant_counters t ON t.tenant_id = w.tenant_id AND t.last_sequence > w.last_sequence
    WHERE w.given_up_at IS NULL AND w.next_try_at <= moment ORDER BY w.next_try_at LIMIT 50;
END
$$;

-- Clients whose grace is over, and of whom nobody has been told so.
CREATE FUNCTION qg_out_of_grace(moment timestamptz) RETURNS TABLE (tenant_id uuid, msp_id uuid, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  IF NOT qg_relaying() THEN
    RAISE EXCEPTION 'not the relay' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN QUERY SELECT s.tenant_id, s.msp_id, s.since FROM (
      SELECT c.tenant_id, c.msp_id, c.grace_days, least(
        CASE WHEN c.status = 'suspended' THEN c.suspended_at END, CASE WHEN m.status = 'suspended' THEN m.suspended_at END
      ) AS since FROM clients c JOIN msps m ON m.msp_id = c.msp_id WHERE c.status IN ('active', 'suspended')
    ) s WHERE s.since + s.grace_days * interval '1 day' <= moment
      AND NOT EXISTS (SELECT FROM admin_events e WHERE e.tenant_id = s.tenant_id
        AND e.action = 'client.grace_over' AND e.at >= s.since);
END
$$;
REVOKE ALL ON FUNCTION qg_ending(timestamptz), qg_out_of_grace(timestamptz), qg_webhooks_due(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qg_ending(timestamptz), qg_out_of_grace(timestamptz), qg_webhooks_due(timestamptz) TO qg_relay;
