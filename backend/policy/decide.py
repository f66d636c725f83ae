"""Findings, policy and context in; one verdict out, the same for the same input, in any order."""

from collections.abc import Iterator, Sequence
from typing import Final

from backend.detection.finding import Finding
from backend.policy.actions import Action, Remedy, ServiceStatus
from backend.policy.attributes import active
from backend.policy.exemptions import Relief, eased, relief
from backend.policy.policy import Policy
from backend.policy.verdict import Context, Reason, Verdict

_LAST_RESORT: Final = {Action.WARN: Remedy.JUSTIFY, Action.BLOCK: Remedy.REQUEST_EXCEPTION}
_NEED_FINDINGS: Final = frozenset({Remedy.REDACT, Remedy.REPORT_FALSE_POSITIVE})


def decide(findings: Sequence[Finding], policy: Policy, context: Context) -> Verdict:
    """Return the strictest action that a finding, a combination or the AI service calls for."""
    serious = _serious(findings, policy)
    relieved = relief(context.exemptions, context.service, context.moment)
    service = _service_reasons(policy, context, relieved)
    about_text = (
        *_setting_reasons(serious, policy, relieved),
        *_combination_reasons(serious, policy, relieved),
    )
    stops, only_observes = _switched(policy, context)
    reasons = tuple(sorted((*about_text, *service, *stops), key=_strictest_first))
    action = max((reason.action for reason in reasons), default=Action.ALLOW)
    if only_observes and not stops:
        action = min(action, Action.FLAG)
    return Verdict(
        action=action,
        findings=serious,
        policy_version=policy.version,
        rulebook_version=context.rulebook_version,
        remedies=_remedies(action, policy, context, has_findings=bool(serious)),
        message=policy.messages[action] if action.stops else "",
        provenance=reasons,
        to_redact=_to_redact(about_text),
        shadow=_shadow_reasons(serious, policy),
        exemptions=_used(relieved, serious, policy, context),
    )


def _used(
    relieved: Relief, findings: Sequence[Finding], policy: Policy, context: Context
) -> tuple[str, ...]:
    """Return the exemptions in force, where anything would be stopped without them."""
    if not relieved.names:
        return ()
    nothing = Relief()
    called = (
        *_setting_reasons(findings, policy, nothing),
        *_combination_reasons(findings, policy, nothing),
        *_service_reasons(policy, context, nothing),
    )
    return relieved.names if any(reason.action.stops for reason in called) else ()


def _serious(findings: Sequence[Finding], policy: Policy) -> tuple[Finding, ...]:
    sure = (finding for finding in findings if finding.confidence >= policy.minimum_confidence)
    return tuple(sorted(sure, key=lambda finding: (finding.start, finding.end, finding.rule)))


def _strictest_first(reason: Reason) -> tuple[int, str]:
    return -reason.action.rank, reason.field


def _setting_reasons(
    findings: Sequence[Finding], policy: Policy, relieved: Relief
) -> Iterator[Reason]:
    positions: dict[tuple[str, Action], list[int]] = {}
    for position, finding in enumerate(findings):
        field, action = policy.setting_for(finding)
        called = eased(action) if finding.type in relieved.kinds else action
        positions.setdefault((field, called), []).append(position)
    for (field, action), found in positions.items():
        yield Reason(field, action, tuple(found))


def _combination_reasons(
    findings: Sequence[Finding], policy: Policy, relieved: Relief
) -> Iterator[Reason]:
    """Yield a reason per combination present; it names the findings of its first families only.

    Those are what ties the rest to a person, so replacing them undoes the combination. It is let
    pass only where everything in it that is worth a record is let pass.
    """
    counted = [n for n, finding in enumerate(findings) if not _is_shadowed(finding, policy)]
    families = {findings[n].family for n in counted}
    for number, combination in enumerate(policy.combinations):
        if families & combination.families and families & combination.with_families:
            found = tuple(n for n in counted if findings[n].family in combination.families)
            others = (n for n in counted if findings[n].family in combination.with_families)
            noted = (n for n in others if not policy.is_ordinary(findings[n]))
            is_relieved = relieved.covers(findings, (*found, *noted))
            action = eased(combination.action) if is_relieved else combination.action
            yield Reason(f"combinations.{number}", action, found)


def _service_reasons(policy: Policy, context: Context, relieved: Relief) -> tuple[Reason, ...]:
    field, action = policy.services.setting_for(context.service_status)
    if relieved.with_service:
        action = eased(action)
    return (Reason(field, action),) if action > Action.ALLOW else ()


def _switched(policy: Policy, context: Context) -> tuple[tuple[Reason, ...], bool]:
    """Return the reasons of emergency stops, and whether one says to stop nothing."""
    names = active(policy.switches, context.service, context.moment)
    effects = {name: policy.switches[name].effect for name in names}
    stops = (Reason(f"switches.{n}", Action.BLOCK) for n, e in effects.items() if e == "block")
    return tuple(stops), "observe" in effects.values()


def _is_shadowed(finding: Finding, policy: Policy) -> bool:
    return policy.setting_for(finding)[0] in policy.attributes.shadow


def _shadow_reasons(findings: Sequence[Finding], policy: Policy) -> tuple[Reason, ...]:
    watched = policy.attributes.shadow
    if not watched:
        return ()
    positions: dict[str, list[int]] = {}
    for position, finding in enumerate(findings):
        path = policy.setting_for(finding)[0]
        if path in watched:
            positions.setdefault(path, []).append(position)
    reasons = (Reason(path, watched[path], tuple(found)) for path, found in positions.items())
    return tuple(sorted(reasons, key=_strictest_first))


def _to_redact(reasons: Sequence[Reason]) -> tuple[int, ...]:
    called = (reason.findings for reason in reasons if reason.action > Action.ALLOW)
    return tuple(sorted({position for positions in called for position in positions}))


def _remedies(
    action: Action, policy: Policy, context: Context, *, has_findings: bool
) -> tuple[Remedy, ...]:
    """Return the policy's remedies that can help here; never nothing when the user is stopped."""
    if not action.stops:
        return ()
    useless = set() if has_findings else set(_NEED_FINDINGS)
    if (
        policy.services.setting_for(context.service_status)[1].stops
        or _switched(policy, context)[0]
    ):
        useless.add(Remedy.REDACT)
    if context.service_status is ServiceStatus.APPROVED:
        useless.add(Remedy.REDIRECT)
    offered = tuple(remedy for remedy in policy.remedies[action] if remedy not in useless)
    return offered or (_LAST_RESORT[action],)
