"""The queries behind the dashboard; row-level security says which clients they see."""

from typing import Final

SUMMARY: Final = """
WITH in_force AS (
    SELECT DISTINCT ON (p.tenant_id) p.tenant_id, p.current_version,
        -- A document is canonical JSON, `categories` first: reading it whole takes far longer.
        split_part(split_part(v.document, '"phi":{"action":"', 2), '"', 1) AS phi_action,
        split_part(split_part(v.document, '"default_action":"', 2), '"', 1) AS default_action
    FROM policies p
    LEFT JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
        AND v.version = p.current_version
    ORDER BY p.tenant_id, p.created_at, p.id
), by_version AS (
    SELECT tenant_id, policy_version, count(*) AS enrolled,
        count(*) FILTER (WHERE last_seen_at >= $3) AS fresh,
        count(*) FILTER (WHERE last_seen_at >= $4) AS healthy
    FROM devices WHERE revoked_at IS NULL GROUP BY 1, 2
), browsers AS (
    SELECT d.tenant_id, sum(d.enrolled)::bigint AS enrolled, sum(d.healthy)::bigint AS healthy,
        (sum(d.fresh) FILTER (WHERE d.policy_version = p.current_version))::bigint AS current
    FROM by_version d LEFT JOIN in_force p USING (tenant_id) GROUP BY 1
), hours AS (
    SELECT tenant_id, sum(count)::bigint AS count FROM audit_hours
    WHERE hour >= $1 AND hour < $5::date::timestamp AT TIME ZONE 'UTC' GROUP BY 1
), people AS (
    SELECT tenant_id, count(*) AS active FROM active_people WHERE last_day >= $2 GROUP BY 1
), states AS (
    SELECT tenant_id,
        sum(count) FILTER (WHERE is_open AND severity = 'low') AS open_low,
        sum(count) FILTER (WHERE is_open AND severity = 'medium') AS open_medium,
        sum(count) FILTER (WHERE is_open AND severity = 'high') AS open_high,
        sum(count) FILTER (WHERE is_open AND is_critical) AS open_critical,
        sum(count) FILTER (WHERE is_critical) AS criticals,
        sum(count) FILTER (WHERE is_critical AND status = 'new') AS criticals_new,
        sum(count) FILTER (WHERE is_critical AND status = 'new' AND has_left) AS disclosures
    FROM (SELECT tenant_id, severity, status, has_left, count::int AS count,
            status IN ('new', 'triaged', 'escalated') AS is_open,
            severity = 'critical' AS is_critical FROM violation_states) AS v GROUP BY 1
), newest AS (
    SELECT DISTINCT ON (tenant_id, ai_service_id, framework_id) tenant_id, ai_service_id, status,
        agreement, review_due
    FROM approvals WHERE group_id IS NULL
    ORDER BY tenant_id, ai_service_id, framework_id, created_at DESC, id DESC
), agreed AS (
    SELECT tenant_id, count(DISTINCT ai_service_id) AS approved,
        count(DISTINCT ai_service_id) FILTER (WHERE agreement <> 'none') AS agreed
    FROM newest WHERE status = 'approved' AND (review_due IS NULL OR review_due >= $5) GROUP BY 1
), attested AS (
    SELECT tenant_id, json_object_agg(control, percent)::text AS said FROM (
        SELECT DISTINCT ON (tenant_id, control) tenant_id, control, percent, expires_on
        FROM attestations ORDER BY tenant_id, control, created_at DESC, id DESC) AS a
    WHERE expires_on >= $5 GROUP BY 1
)
SELECT c.tenant_id AS client_id, c.name, c.status, c.seats,
    coalesce(p.current_version, 0) AS policy_version,
    p.phi_action, p.default_action,
    coalesce(b.enrolled, 0) AS browsers, coalesce(b.current, 0) AS browsers_current,
    coalesce(b.healthy, 0) AS healthy, coalesce(h.count, 0) + coalesce(n.prompts, 0) AS prompts_24h,
    coalesce(a.active, 0) AS people_30d,
    s.open_low, s.open_medium, s.open_high, s.open_critical,
    coalesce(s.criticals, 0) AS criticals, coalesce(s.criticals_new, 0) AS criticals_new,
    coalesce(s.disclosures, 0) AS disclosures,
    coalesce(g.approved, 0) AS approved, coalesce(g.agreed, 0) AS agreed, t.said,
    n.prompts, n.last_at, n.flag, n.warn, n.block, n.prevented, n.redacted_sent, n.abandoned,
    n.false_positive, n.justified_sent, n.overridden_sent, n.sent_unflagged,
    n.qg_score_1 / 8e6::float8 AS points,
    -- What is kept of earlier days holds as long as this number; not around midnight, when a
    -- transaction of yesterday may still be under way.
    CASE WHEN now() > $5::date::timestamp AT TIME ZONE 'UTC' + interval '10 minutes'
        THEN x.changes END AS past_changes
FROM clients c
LEFT JOIN in_force p USING (tenant_id)
LEFT JOIN browsers b USING (tenant_id)
LEFT JOIN hours h USING (tenant_id)
LEFT JOIN client_days n ON n.tenant_id = c.tenant_id AND n.day = $5
LEFT JOIN people a ON a.tenant_id = c.tenant_id
LEFT JOIN states s ON s.tenant_id = c.tenant_id
LEFT JOIN agreed g ON g.tenant_id = c.tenant_id
LEFT JOIN attested t ON t.tenant_id = c.tenant_id
LEFT JOIN past_changes x ON x.tenant_id = c.tenant_id
WHERE c.status <> 'archived'
ORDER BY c.name, c.tenant_id
"""
"""$1 an hour, $2 the first day, $3 and $4 since when a browser is current and healthy, $5 today.
Days are those of UTC; of `client_days` it has today alone."""

PAST: Final = """
SELECT tenant_id, sum(prompts) AS prompts, max(last_at) AS last_at,
    sum(flag) AS flag, sum(warn) AS warn, sum(block) AS block, sum(prevented) AS prevented,
    sum(redacted_sent) AS redacted_sent, sum(abandoned) AS abandoned,
    sum(false_positive) AS false_positive, sum(justified_sent) AS justified_sent,
    sum(overridden_sent) AS overridden_sent, sum(sent_unflagged) AS sent_unflagged,
    sum(qg_score_1 * ($4::float8[])[$3::date - day + 1]) / 8e6 AS points,
    array_agg(day - $2::date) AS numbers, array_agg(prompts) AS of_prompts,
    array_agg(flag + warn + block) AS of_violations
FROM client_days WHERE tenant_id = ANY ($1) AND day >= $2 AND day < $3 GROUP BY 1
"""
"""$1 the clients, $2 the first day, $3 today, $4 the decay of each day of age."""
