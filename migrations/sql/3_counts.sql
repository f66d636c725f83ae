-- The counts follow what is recorded, in its own transaction: once per statement, whatever its number of rows.
CREATE FUNCTION qg_private.has_left(disposition text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = pg_catalog
  AS $$ SELECT disposition IN ('sent_unflagged', 'overridden_sent', 'justified_sent') $$;

-- The weights of qg-score-1, times eight: backend/services/scoring.py has them too, and a test compares.
CREATE FUNCTION qg_private.qg_score_1(severity text, disposition text, standing text) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT (CASE severity WHEN 'critical' THEN 27 WHEN 'high' THEN 9 WHEN 'medium' THEN 3 ELSE 1 END
    * CASE disposition WHEN 'sent_unflagged' THEN 2 WHEN 'overridden_sent' THEN 1 WHEN 'justified_sent' THEN 1 ELSE 0 END
    * CASE standing WHEN 'agreement' THEN 1 WHEN 'approved' THEN 2 WHEN 'prohibited' THEN 6 ELSE 4 END)::bigint
$$;

CREATE FUNCTION qg_private.count_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  -- Rows are touched in one order, so that two batches never wait for each other in a circle.
  INSERT INTO public.client_days AS d (tenant_id, day, msp_id, prompts, last_at)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, msp_id, count(*), max(recorded_at)
    FROM entered WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (tenant_id, day)
    DO UPDATE SET prompts = d.prompts + excluded.prompts, last_at = greatest(d.last_at, excluded.last_at);
  INSERT INTO public.audit_days AS d (tenant_id, day, kind, action, msp_id, count)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, k.key, action, msp_id, count(*)
    FROM entered CROSS JOIN LATERAL jsonb_object_keys(kinds) AS k (key)
    WHERE entry_kind = 'verdict' AND kinds <> '{}' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4
  ON CONFLICT (tenant_id, day, kind, action) DO UPDATE SET count = d.count + excluded.count;
  INSERT INTO public.audit_hours AS h (tenant_id, hour, msp_id, count)
    SELECT tenant_id, date_trunc('hour', recorded_at, 'UTC'), msp_id, count(*) FROM entered
    WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (tenant_id, hour) DO UPDATE SET count = h.count + excluded.count;
  INSERT INTO public.service_days AS s (tenant_id, day, service, msp_id, count)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, coalesce(ai_service_id, ''), msp_id, count(*) FROM entered
    WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
  ON CONFLICT (tenant_id, day, service) DO UPDATE SET count = s.count + excluded.count;
  INSERT INTO public.active_people AS p (tenant_id, user_id, msp_id, last_day)
    SELECT tenant_id, user_id, msp_id, max((recorded_at AT TIME ZONE 'UTC')::date) FROM entered
    WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (tenant_id, user_id) DO UPDATE SET last_day = excluded.last_day WHERE p.last_day < excluded.last_day;
  RETURN NULL;
END
$$;

CREATE FUNCTION qg_private.count_violations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.client_days AS d (tenant_id, day, msp_id, flag, warn, block, prevented, redacted_sent,
    abandoned, false_positive, justified_sent, overridden_sent, sent_unflagged, qg_score_1)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, msp_id,
      count(*) FILTER (WHERE action = 'flag'), count(*) FILTER (WHERE action = 'warn'),
      count(*) FILTER (WHERE action = 'block'), count(*) FILTER (WHERE ended = 'prevented'),
      count(*) FILTER (WHERE ended = 'redacted_sent'), count(*) FILTER (WHERE ended = 'abandoned'),
      count(*) FILTER (WHERE ended = 'false_positive'), count(*) FILTER (WHERE ended = 'justified_sent'),
      count(*) FILTER (WHERE ended = 'overridden_sent'), count(*) FILTER (WHERE ended = 'sent_unflagged'),
      sum(qg_private.qg_score_1(severity, ended, standing) * confidence_ppm)
    FROM (SELECT *, CASE WHEN status = 'false_positive' THEN status ELSE disposition END AS ended FROM entered) AS e GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (tenant_id, day) DO UPDATE SET
      flag = d.flag + excluded.flag, warn = d.warn + excluded.warn, block = d.block + excluded.block,
      prevented = d.prevented + excluded.prevented, redacted_sent = d.redacted_sent + excluded.redacted_sent, abandoned = d.abandoned + excluded.abandoned,
      false_positive = d.false_positive + excluded.false_positive, justified_sent = d.justified_sent + excluded.justified_sent, overridden_sent = d.overridden_sent + excluded.overridden_sent,
      sent_unflagged = d.sent_unflagged + excluded.sent_unflagged,
      qg_score_1 = d.qg_score_1 + excluded.qg_score_1;
  INSERT INTO public.violation_days AS d
    (tenant_id, day, severity, action, disposition, standing, msp_id, count, confidence_ppm)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, severity, action,
      CASE WHEN status = 'false_positive' THEN status ELSE disposition END, standing, msp_id, count(*), sum(confidence_ppm)
    FROM entered GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (tenant_id, day, severity, action, disposition, standing)
    DO UPDATE SET count = d.count + excluded.count, confidence_ppm = d.confidence_ppm + excluded.confidence_ppm;
  INSERT INTO public.violation_states AS s (tenant_id, severity, status, has_left, msp_id, count)
    SELECT tenant_id, severity, status, qg_private.has_left(disposition), msp_id, count(*)
    FROM entered GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4
  ON CONFLICT (tenant_id, severity, status, has_left) DO UPDATE SET count = s.count + excluded.count;
  RETURN NULL;
END
$$;

CREATE FUNCTION qg_private.recount_violations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog AS $$
BEGIN
  INSERT INTO public.client_days AS d (tenant_id, day, msp_id, flag, warn, block, prevented, redacted_sent,
    abandoned, false_positive, justified_sent, overridden_sent, sent_unflagged, qg_score_1)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, msp_id,
      coalesce(sum(step) FILTER (WHERE action = 'flag'), 0), coalesce(sum(step) FILTER (WHERE action = 'warn'), 0),
      coalesce(sum(step) FILTER (WHERE action = 'block'), 0), coalesce(sum(step) FILTER (WHERE ended = 'prevented'), 0),
      coalesce(sum(step) FILTER (WHERE ended = 'redacted_sent'), 0), coalesce(sum(step) FILTER (WHERE ended = 'abandoned'), 0),
      coalesce(sum(step) FILTER (WHERE ended = 'false_positive'), 0), coalesce(sum(step) FILTER (WHERE ended = 'justified_sent'), 0),
      coalesce(sum(step) FILTER (WHERE ended = 'overridden_sent'), 0), coalesce(sum(step) FILTER (WHERE ended = 'sent_unflagged'), 0),
      sum(step * qg_private.qg_score_1(severity, ended, standing) * confidence_ppm)
    FROM (SELECT *, CASE WHEN status = 'false_positive' THEN status ELSE disposition END AS ended FROM (
      SELECT *, 1 AS step FROM after UNION ALL SELECT *, -1 FROM before) AS b) AS e GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (tenant_id, day) DO UPDATE SET
      flag = d.flag + excluded.flag, warn = d.warn + excluded.warn, block = d.block + excluded.block,
      prevented = d.prevented + excluded.prevented, redacted_sent = d.redacted_sent + excluded.redacted_sent, abandoned = d.abandoned + excluded.abandoned,
      false_positive = d.false_positive + excluded.false_positive, justified_sent = d.justified_sent + excluded.justified_sent, overridden_sent = d.overridden_sent + excluded.overridden_sent,
      sent_unflagged = d.sent_unflagged + excluded.sent_unflagged,
      qg_score_1 = d.qg_score_1 + excluded.qg_score_1;
  INSERT INTO public.violation_days AS d
    (tenant_id, day, severity, action, disposition, standing, msp_id, count, confidence_ppm)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, severity, action,
      CASE WHEN status = 'false_positive' THEN status ELSE disposition END, standing, msp_id,
      sum(step), sum(step * confidence_ppm)
    FROM (SELECT *, 1 AS step FROM after UNION ALL SELECT *, -1 FROM before) AS e
    GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(step) <> 0 OR sum(step * confidence_ppm) <> 0 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (tenant_id, day, severity, action, disposition, standing)
    DO UPDATE SET count = d.count + excluded.count, confidence_ppm = d.confidence_ppm + excluded.confidence_ppm;
  INSERT INTO public.violation_states AS s (tenant_id, severity, status, has_left, msp_id, count)
    SELECT tenant_id, severity, status, qg_private.has_left(disposition), msp_id, sum(step)
    FROM (SELECT *, 1 AS step FROM after UNION ALL SELECT *, -1 FROM before) AS e
    GROUP BY 1, 2, 3, 4, 5 HAVING sum(step) <> 0 ORDER BY 1, 2, 3, 4
  ON CONFLICT (tenant_id, severity, status, has_left) DO UPDATE SET count = s.count + excluded.count;
  RETURN NULL;
END
$$;

-- Count everything anew: after a migration, after a restore, or to check that the counts are right.
CREATE FUNCTION qg_private.count_anew() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  DELETE FROM public.client_days;
  DELETE FROM public.audit_days;
  DELETE FROM public.audit_hours;
  DELETE FROM public.service_days;
  DELETE FROM public.active_people;
  DELETE FROM public.violation_days;
  DELETE FROM public.violation_states;
  INSERT INTO public.client_days (tenant_id, day, msp_id, prompts, last_at)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, msp_id, count(*), max(recorded_at)
    FROM public.client_audit_logs WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3;
  INSERT INTO public.client_days AS d (tenant_id, day, msp_id, flag, warn, block, prevented, redacted_sent,
    abandoned, false_positive, justified_sent, overridden_sent, sent_unflagged, qg_score_1)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, msp_id,
      count(*) FILTER (WHERE action = 'flag'), count(*) FILTER (WHERE action = 'warn'),
      count(*) FILTER (WHERE action = 'block'), count(*) FILTER (WHERE ended = 'prevented'),
      count(*) FILTER (WHERE ended = 'redacted_sent'), count(*) FILTER (WHERE ended = 'abandoned'),
      count(*) FILTER (WHERE ended = 'false_positive'), count(*) FILTER (WHERE ended = 'justified_sent'),
      count(*) FILTER (WHERE ended = 'overridden_sent'), count(*) FILTER (WHERE ended = 'sent_unflagged'),
      sum(qg_private.qg_score_1(severity, ended, standing) * confidence_ppm)
    FROM (SELECT *, CASE WHEN status = 'false_positive' THEN status ELSE disposition END AS ended FROM public.client_policy_violations) AS e GROUP BY 1, 2, 3 ORDER BY 1, 2
  ON CONFLICT (tenant_id, day) DO UPDATE SET
      flag = d.flag + excluded.flag, warn = d.warn + excluded.warn, block = d.block + excluded.block,
      prevented = d.prevented + excluded.prevented, redacted_sent = d.redacted_sent + excluded.redacted_sent, abandoned = d.abandoned + excluded.abandoned,
      false_positive = d.false_positive + excluded.false_positive, justified_sent = d.justified_sent + excluded.justified_sent, overridden_sent = d.overridden_sent + excluded.overridden_sent,
      sent_unflagged = d.sent_unflagged + excluded.sent_unflagged,
      qg_score_1 = d.qg_score_1 + excluded.qg_score_1;
  INSERT INTO public.audit_days (tenant_id, day, kind, action, msp_id, count)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, k.key, action, msp_id, count(*)
    FROM public.client_audit_logs CROSS JOIN LATERAL jsonb_object_keys(kinds) AS k (key)
    WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3, 4, 5;
  INSERT INTO public.audit_hours (tenant_id, hour, msp_id, count)
    SELECT tenant_id, date_trunc('hour', recorded_at, 'UTC'), msp_id, count(*) FROM public.client_audit_logs
    WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3;
  INSERT INTO public.service_days (tenant_id, day, service, msp_id, count)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, coalesce(ai_service_id, ''), msp_id, count(*)
    FROM public.client_audit_logs WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3, 4;
  INSERT INTO public.active_people (tenant_id, user_id, msp_id, last_day)
    SELECT tenant_id, user_id, msp_id, max((recorded_at AT TIME ZONE 'UTC')::date) FROM public.client_audit_logs
    WHERE entry_kind = 'verdict' GROUP BY 1, 2, 3;
  INSERT INTO public.violation_days (tenant_id, day, severity, action, disposition, standing, msp_id, count, confidence_ppm)
    SELECT tenant_id, (recorded_at AT TIME ZONE 'UTC')::date, severity, action,
      CASE WHEN status = 'false_positive' THEN status ELSE disposition END, standing, msp_id, count(*), sum(confidence_ppm)
    FROM public.client_policy_violations GROUP BY 1, 2, 3, 4, 5, 6, 7;
  INSERT INTO public.violation_states (tenant_id, severity, status, has_left, msp_id, count)
    SELECT tenant_id, severity, status, qg_private.has_left(disposition), msp_id, count(*)
    FROM public.client_policy_violations GROUP BY 1, 2, 3, 4, 5;
END
$$;
REVOKE ALL ON FUNCTION qg_private.has_left(text), qg_private.qg_score_1(text, text, text), qg_private.count_entries(),
  qg_private.count_violations(),
  qg_private.recount_violations(), qg_private.count_anew() FROM PUBLIC;
CREATE TRIGGER counted AFTER INSERT ON client_audit_logs REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION qg_private.count_entries();
CREATE TRIGGER counted AFTER INSERT ON client_policy_violations REFERENCING NEW TABLE AS entered
  FOR EACH STATEMENT EXECUTE FUNCTION qg_private.count_violations();
CREATE TRIGGER recounted AFTER UPDATE ON client_policy_violations REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION qg_private.recount_violations();
SELECT qg_private.count_anew();
