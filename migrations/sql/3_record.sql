-- As before, and with each violation how sure it was and how its AI service stood with the client.
CREATE OR REPLACE FUNCTION qg_record(entries jsonb, headers bytea[])
RETURNS TABLE (event_id uuid, submission_id uuid, sequence bigint, recorded_at timestamptz, is_duplicate boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
#variable_conflict use_column
DECLARE
  moment timestamptz;
BEGIN
  PERFORM qg_ingesting();
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT tenant_id, msp_id FROM jsonb_to_recordset(entries) AS e (tenant_id uuid, msp_id uuid)) AS e
    WHERE NOT EXISTS (SELECT FROM clients c WHERE c.tenant_id = e.tenant_id AND c.msp_id = e.msp_id)
  ) THEN
    RAISE EXCEPTION 'an entry names no client of its MSP' USING ERRCODE = 'foreign_key_violation';
  END IF;
  INSERT INTO tenant_counters (tenant_id, msp_id)
    SELECT DISTINCT tenant_id, msp_id FROM jsonb_to_recordset(entries) AS e (tenant_id uuid, msp_id uuid)
    ORDER BY tenant_id ON CONFLICT DO NOTHING;
  -- Locked in one order, so that two batches never wait for each other in a circle.
  PERFORM FROM tenant_counters
    WHERE tenant_id IN (SELECT DISTINCT tenant_id FROM jsonb_to_recordset(entries) AS e (tenant_id uuid))
    ORDER BY tenant_id FOR UPDATE;
  moment := clock_timestamp();

  RETURN QUERY
  WITH given AS MATERIALIZED (
    SELECT e.*, headers[e.position] AS header,
      row_number() OVER (PARTITION BY e.tenant_id, e.event_id ORDER BY e.position) AS copy
    FROM ROWS FROM (jsonb_to_recordset(entries) AS (
      tenant_id uuid, msp_id uuid, event_id uuid, submission_id uuid, entry_kind text, user_id uuid, device_id uuid,
      ai_service_id text, service_host text, channel text, size int, action text, severity text, disposition text,
      kinds jsonb, rule_ids jsonb, policy_version int, rulebook_version text, engine text, occurred_at timestamptz,
      late boolean, findings jsonb, confidence_ppm int, standing text
    )) WITH ORDINALITY AS e (
      tenant_id, msp_id, event_id, submission_id, entry_kind, user_id, device_id, ai_service_id, service_host, channel,
      size, action, severity, disposition, kinds, rule_ids, policy_version, rulebook_version, engine, occurred_at, late,
      findings, confidence_ppm, standing, position)
  ), fresh AS MATERIALIZED (
    SELECT g.*, c.last_sequence + row_number() OVER (PARTITION BY g.tenant_id ORDER BY g.position) AS sequence
    FROM given g JOIN tenant_counters c ON c.tenant_id = g.tenant_id
    WHERE g.copy = 1
      AND NOT EXISTS (SELECT FROM audit_event_ids k WHERE k.tenant_id = g.tenant_id AND k.event_id = g.event_id)
  ), counted AS (
    UPDATE tenant_counters c SET last_sequence = f.newest
    FROM (SELECT tenant_id, max(sequence) AS newest FROM fresh GROUP BY tenant_id) f WHERE c.tenant_id = f.tenant_id
  ), known AS (
    INSERT INTO audit_event_ids (tenant_id, event_id, msp_id, submission_id, sequence, recorded_at)
    SELECT tenant_id, event_id, msp_id, submission_id, sequence, moment FROM fresh
  ), logged AS (
    INSERT INTO client_audit_logs (tenant_id, recorded_at, sequence, msp_id, event_id, submission_id, entry_kind, user_id,
      device_id, ai_service_id, service_host, channel, size, action, disposition, kinds, rule_ids, policy_version,
      rulebook_version, engine, occurred_at, late, header)
    SELECT tenant_id, moment, sequence, msp_id, event_id, submission_id, entry_kind, user_id, device_id, ai_service_id,
      service_host, channel, size, action, disposition, kinds, ARRAY(SELECT jsonb_array_elements_text(rule_ids)),
      policy_version, rulebook_version, engine, occurred_at, late, header
    FROM fresh
  ), violated AS (
    INSERT INTO client_policy_violations (tenant_id, id, msp_id, sequence, user_id, device_id, ai_service_id, service_host,
      channel, action, severity, kinds, disposition, policy_version, occurred_at, recorded_at, confidence_ppm, standing)
    SELECT DISTINCT ON (tenant_id, submission_id) tenant_id, submission_id, msp_id, sequence, user_id, device_id,
      ai_service_id, service_host, channel, action, severity, kinds, disposition, policy_version, occurred_at, moment,
      coalesce(confidence_ppm, 1000000), coalesce(standing, 'unreviewed')
    FROM fresh WHERE entry_kind = 'verdict' AND action <> 'allow' ORDER BY tenant_id, submission_id, sequence
    ON CONFLICT DO NOTHING RETURNING tenant_id, id, sequence
  ), detected AS (
    INSERT INTO pattern_detections (tenant_id, id, msp_id, violation_id, rule_id, type, category, severity, confidence,
      span_start, span_length, mask, value_digest, rulebook_version)
    SELECT f.tenant_id, d.id, f.msp_id, f.submission_id, d.rule, d.type, d.category, d.severity, d.confidence, d.start,
      d.length, d.mask, decode(d.digest, 'hex'), f.rulebook_version
    FROM violated v JOIN fresh f ON f.tenant_id = v.tenant_id AND f.submission_id = v.id AND f.sequence = v.sequence
    CROSS JOIN LATERAL jsonb_to_recordset(f.findings) AS d (id uuid, rule text, type text, category text, severity text,
      confidence real, start int, length int, mask text, digest text)
  )
  SELECT g.event_id, coalesce(k.submission_id, f.submission_id), coalesce(k.sequence, f.sequence),
    coalesce(k.recorded_at, moment), k.event_id IS NOT NULL OR g.copy > 1
  FROM given g
  LEFT JOIN audit_event_ids k ON k.tenant_id = g.tenant_id AND k.event_id = g.event_id
  LEFT JOIN fresh f ON f.tenant_id = g.tenant_id AND f.event_id = g.event_id
  ORDER BY g.position;

  UPDATE client_policy_violations v SET disposition = d.disposition
  FROM (
    SELECT DISTINCT ON (e.tenant_id, e.submission_id) e.tenant_id, e.submission_id, e.user_id, e.disposition
    FROM jsonb_to_recordset(entries) AS e (tenant_id uuid, event_id uuid, submission_id uuid, user_id uuid, entry_kind text, disposition text)
    JOIN audit_event_ids k ON k.tenant_id = e.tenant_id AND k.event_id = e.event_id AND k.recorded_at = moment
    WHERE e.entry_kind = 'disposition'
    ORDER BY e.tenant_id, e.submission_id, k.sequence DESC
  ) d
  WHERE v.tenant_id = d.tenant_id AND v.id = d.submission_id AND v.user_id = d.user_id;
END
$$;
