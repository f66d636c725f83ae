"""The form of a decision: what was typed becomes a wish, or an error beside its field."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from backend.console.ai_service_words import AGREEMENTS, CHOICES
from backend.core.errors import RefusedField
from backend.services.service_approvals import Wish


def read_wish(typed: Mapping[str, str]) -> Wish:
    """Return what a form asks for. Raise RefusedField for what it cannot mean."""
    status = typed.get("status", "")
    if status not in CHOICES:
        raise _refused("status", "has to be chosen")
    agreement = typed.get("agreement", "none")
    if agreement not in AGREEMENTS:
        raise _refused("agreement", "is none of those offered")
    return Wish(
        status=status,
        reason=typed.get("reason", ""),
        framework_id=typed.get("framework") or None,
        group_id=_id(typed, "group"),
        review_due=_day(typed) if status in {"approved", "tolerated"} else None,
        owner_id=_id(typed, "owner"),
        evidence=typed.get("evidence", ""),
        agreement=agreement,
    )


def _id(typed: Mapping[str, str], field: str) -> UUID | None:
    try:
        return UUID(typed[field]) if typed.get(field) else None
    except ValueError:
        raise _refused(field, "is none of those offered") from None


def _day(typed: Mapping[str, str]) -> date | None:
    text = typed.get("review_due", "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _refused("review_due", "has to be a day such as 2027-01-31") from None


def _refused(field: str, why: str) -> RefusedField:
    return RefusedField(f"Nothing was decided: {field} {why}.", field, why)
