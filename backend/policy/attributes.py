"""What a setting may say besides its action: that it only watches, how it fails, when it rises."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from backend.policy.actions import Action, OnUnavailable
from backend.policy.validation import PolicyError, choice, join, known_keys, one_of, sequence, text

ATTRIBUTES: Final = ("action", "mode", "on_unavailable", "promote")
MODES: Final = ("enforce", "shadow")
MOST_STEPS: Final = 3
MOST_SWITCHES: Final = 50
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Promotion:
    """A step of the ladder: from this day on (UTC) the setting calls for this action.

    `most_false_positives` is the share of decided reports, from 0 to 1, above which it waits.
    """

    to: Action
    on: date
    most_false_positives: float = 0.05

    def document(self) -> dict[str, object]:
        """Return it as a policy document writes it."""
        return {
            "to": self.to.value,
            "on": self.on.isoformat(),
            "most_false_positives": self.most_false_positives,
        }


@dataclass(frozen=True, slots=True)
class Switch:
    """An emergency stop until a moment: `block` everything, or only `observe` and stop nothing.

    `by` is `msp` where the MSP has thrown it: its own locks do not hold that.
    """

    effect: str
    until: datetime
    reason: str
    by: str = "client"

    def document(self) -> dict[str, object]:
        """Return it as a policy document writes it."""
        return {
            "effect": self.effect,
            "until": self.until.isoformat(),
            "reason": self.reason,
            "by": self.by,
        }


@dataclass(frozen=True, slots=True)
class Attributes:
    """The attributes of all settings, by the setting's path."""

    shadow: Mapping[str, Action] = field(default_factory=dict)
    unavailable: Mapping[str, OnUnavailable] = field(default_factory=dict)
    promotions: Mapping[str, tuple[Promotion, ...]] = field(default_factory=dict)

    def of(self, path: str, action: Action) -> dict[str, object]:
        """Return a setting as a policy document writes it."""
        setting: dict[str, object] = {"action": self.shadow.get(path, action).value}
        if path in self.shadow:
            setting["mode"] = "shadow"
        if path in self.unavailable:
            setting["on_unavailable"] = self.unavailable[path].value
        if path in self.promotions:
            setting["promote"] = [step.document() for step in self.promotions[path]]
        return setting


NO_ATTRIBUTES: Final = Attributes()


def read_attributes(groups: Mapping[str, Mapping[str, Any]]) -> Attributes:
    """Return the attributes of the settings in these groups, whose actions are read already."""
    shadow: dict[str, Action] = {}
    unavailable: dict[str, OnUnavailable] = {}
    promotions: dict[str, tuple[Promotion, ...]] = {}
    for group, settings in groups.items():
        for key, setting in settings.items():
            where = join(group, key)
            path = f"{group}.{key}"
            mode = one_of(setting.get("mode", "enforce"), join(where, "mode"), MODES)
            if mode == "shadow":
                shadow[path] = choice(setting.get("action"), join(where, "action"), Action)
            if "on_unavailable" in setting:
                unavailable[path] = choice(
                    setting["on_unavailable"], join(where, "on_unavailable"), OnUnavailable
                )
            if setting.get("promote"):
                promotions[path] = _promotions(setting["promote"], join(where, "promote"))
    if not (shadow or unavailable or promotions):
        return NO_ATTRIBUTES
    return Attributes(shadow, unavailable, promotions)


def _promotions(value: object, path: str) -> tuple[Promotion, ...]:
    steps = sequence(value, path, _promotion, MOST_STEPS)
    if any(a.on >= b.on or a.to >= b.to for a, b in itertools.pairwise(steps)):
        raise PolicyError(path, "must rise: each step later and stricter than the one before")
    return steps


def _promotion(value: object, path: str) -> Promotion:
    found = known_keys(value, path, ("to", "on", "most_false_positives"))
    share = found.get("most_false_positives", 0.05)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise PolicyError(join(path, "most_false_positives"), "must be a number from 0 to 1")
    to = choice(found.get("to"), join(path, "to"), Action)
    if to is Action.ALLOW:
        raise PolicyError(join(path, "to"), "must be stricter than allow")
    return Promotion(to, _day(found.get("on"), join(path, "on")), float(share))


def _day(value: object, path: str) -> date:
    try:
        return date.fromisoformat(text(value, path, 10))
    except ValueError:
        raise PolicyError(path, "must be a day such as 2027-01-31") from None


def read_switch(value: object, path: str) -> Switch:
    """Return one emergency stop. Raise PolicyError."""
    found = known_keys(value, path, ("effect", "until", "reason", "by"))
    where = join(path, "until")
    try:
        until = datetime.fromisoformat(text(found.get("until"), where, 40))
    except ValueError:
        raise PolicyError(where, "must be a moment such as 2027-01-31T12:00:00+00:00") from None
    if until.tzinfo is None:
        raise PolicyError(where, "must say its time zone, such as +00:00")
    return Switch(
        effect=one_of(found.get("effect"), join(path, "effect"), ("block", "observe")),
        until=until,
        reason=text(found.get("reason"), join(path, "reason"), LONGEST_REASON),
        by=one_of(found.get("by", "client"), join(path, "by"), ("client", "msp")),
    )


def active(switches: Mapping[str, Switch], service: str, moment: datetime | None) -> Sequence[str]:
    """Return the names of the stops that hold for an AI service now."""
    if moment is None:
        return ()
    return [name for name in ("*", service) if name in switches and moment < switches[name].until]
