"""The answer to one submission, and the words for how it came about."""

from dataclasses import dataclass
from datetime import datetime

from backend.detection.finding import Finding
from backend.policy.actions import Action, Remedy, ServiceStatus
from backend.policy.exemptions import Exemption


@dataclass(frozen=True, slots=True)
class Context:
    """What a policy looks at besides findings.

    Without a moment no emergency stop and no exemption holds.
    """

    service_status: ServiceStatus = ServiceStatus.UNKNOWN
    channel: str = "typed"
    rulebook_version: str = ""
    service: str = ""
    moment: datetime | None = None
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One field of the policy, what it called for, and the findings it is about, by position."""

    field: str
    action: Action
    findings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The strictest action any reason called for.

    `findings` are those the policy takes seriously, in text order; `provenance` is strictest first;
    `to_redact` are positions in `findings` that "redact and send" replaces.
    """

    action: Action
    findings: tuple[Finding, ...]
    policy_version: int
    rulebook_version: str
    remedies: tuple[Remedy, ...]
    message: str
    provenance: tuple[Reason, ...]
    to_redact: tuple[int, ...]
    shadow: tuple[Reason, ...] = ()
    """What settings in shadow would have called for; nothing of it acts."""
    exemptions: tuple[str, ...] = ()
    """The ids of the exemptions without which this would have been stricter."""
