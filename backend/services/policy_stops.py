"""Emergency stops in what somebody publishes: who threw them is for us to say, and MSPs' stay."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.core.errors import Forbidden
from backend.core.principal import Principal
from backend.policy.policy import Policy


def signed(principal: Principal, patch: object) -> Any:
    """Return a patch whose stops say who throws them; nobody says so of themselves."""
    if not isinstance(patch, Mapping) or not isinstance(patch.get("switches"), Mapping):
        return patch
    by = "msp" if principal.client_id is None else "client"
    switches = {
        service: {**one, "by": by} if isinstance(one, Mapping) else one
        for service, one in patch["switches"].items()
    }
    return {**patch, "switches": switches}


def as_thrown(before: Policy, patch: object) -> object:
    """Return a patch in which the stops it leaves alone say who threw them."""
    if not isinstance(patch, Mapping) or not isinstance(patch.get("switches"), Mapping):
        return patch
    thrown = {key: one.document() for key, one in before.switches.items()}

    def kept(key: str, one: object) -> object:
        was = thrown.get(key)
        is_same = (
            was is not None
            and isinstance(one, Mapping)
            and {**was, **one, "by": ""} == {**was, "by": ""}
        )
        return was if is_same else one

    switches = {key: kept(key, one) for key, one in patch["switches"].items()}
    return {**patch, "switches": switches}


def refuse_lifting(
    principal: Principal, before: Mapping[str, Any], after: Mapping[str, Any], moment: datetime
) -> None:
    """Raise Forbidden where a client's change of a document ends or alters its provider's stop."""
    if principal.client_id is None:
        return
    kept: Mapping[str, Any] = after.get("switches", {})
    for service, one in before.get("switches", {}).items():
        if _is_held(one, moment) and kept.get(service) != one:
            raise stop_of_msp()


def stop_of_msp() -> Forbidden:
    """Return what to raise for a provider's stop that a client would end or shorten."""
    return Forbidden(
        "Your service provider threw this stop, so only they end or change it early. Ask them, or "
        "wait until it is over.",
        code="stop-of-msp",
    )


def _is_held(one: Mapping[str, str] | None, moment: datetime) -> bool:
    if one is None or one.get("by") != "msp" or one["effect"] != "block":
        return False
    return moment < datetime.fromisoformat(one["until"])
