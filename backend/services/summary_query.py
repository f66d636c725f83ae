"""The one query behind the dashboard; row-level security says which clients it sees."""

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
    SELECT tenant_id, sum(count) AS day FROM audit_hours WHERE hour >= $1 GROUP BY 1
), days AS (
    SELECT tenant_id, sum(prompts) AS prompts, max(last_at) AS last,
        sum(flag) AS flag, sum(warn) AS warn,
        sum(block) AS block, sum(prevented) AS prevented,
        sum(redacted_sent) AS redacted_sent, sum(abandoned) AS abandoned,
        sum(false_positive) AS false_positive, sum(justified_sent) AS justified_sent,
        sum(overridden_sent) AS overridden_sent, sum(sent_unflagged) AS sent_unflagged,
        sum(qg_score_1 * ($5::float8[])[$6::date - day + 1]) / 8e6 AS points,
        array_agg(day - $2::date) AS numbers, array_agg(prompts) AS of_prompts,
        array_agg(flag + warn + block) AS of_violations
    FROM client_days WHERE day >= $2 AND day <= $6 GROUP BY 1
), people AS (
    SELECT tenant_id, count(*) AS active FROM active_people WHERE last_day >= $2 GROUP BY 1
), states AS (
    SELECT tenant_id, json_agg(json_build_array(severity, status, has_left, count)) AS states
    FROM violation_states WHERE count > 0 GROUP BY 1
), newest AS (
    SELECT DISTINCT ON (tenant_id, ai_service_id, framework_id) tenant_id, ai_service_id, status,
        agreement, review_due
    FROM approvals WHERE group_id IS NULL
    ORDER BY tenant_id, ai_service_id, framework_id, created_at DESC, id DESC
), agreed AS (
    SELECT tenant_id, count(DISTINCT ai_service_id) AS approved,
        count(DISTINCT ai_service_id) FILTER (WHERE agreement <> 'none') AS agreed
    FROM newest WHERE status = 'approved' AND (review_due IS NULL OR review_due >= $6) GROUP BY 1
), attested AS (
    SELECT tenant_id, json_object_agg(control, percent) AS said FROM (
        SELECT DISTINCT ON (tenant_id, control) tenant_id, control, percent, expires_on
        FROM attestations ORDER BY tenant_id, control, created_at DESC, id DESC) AS a
    WHERE expires_on >= $6 GROUP BY 1
)
SELECT c.tenant_id AS client_id, c.name, c.status, c.seats,
    coalesce(p.current_version, 0) AS policy_version,
    p.phi_action, p.default_action,
    coalesce(b.enrolled, 0) AS browsers, coalesce(b.current, 0) AS browsers_current,
    coalesce(b.healthy, 0) AS healthy, coalesce(h.day, 0)::bigint AS prompts_24h,
    coalesce(q.prompts, 0) AS prompts_30d, coalesce(a.active, 0) AS people_30d,
    q.last AS last_event_at, coalesce(s.states, '[]')::text AS states,
    coalesce(q.points, 0) AS points, q.numbers, q.of_prompts, q.of_violations,
    q.flag, q.warn, q.block, q.prevented, q.redacted_sent,
    q.abandoned, q.false_positive, q.justified_sent, q.overridden_sent, q.sent_unflagged,
    coalesce(g.approved, 0) AS approved, coalesce(g.agreed, 0) AS agreed,
    coalesce(t.said, '{}')::text AS said
FROM clients c
LEFT JOIN in_force p USING (tenant_id)
LEFT JOIN browsers b USING (tenant_id)
LEFT JOIN hours h USING (tenant_id)
LEFT JOIN days q USING (tenant_id)
LEFT JOIN people a USING (tenant_id)
LEFT JOIN states s USING (tenant_id)
LEFT JOIN agreed g USING (tenant_id)
LEFT JOIN attested t USING (tenant_id)
WHERE c.status <> 'archived'
ORDER BY c.name, c.tenant_id
"""
"""$1 an hour, $2 the first day, $3 and $4 since when a browser is current and healthy, $5 the decay
of each day of age, $6 today. Days are those of UTC."""
