"""Which settings of a policy have a step to climb, and what the policy says once they have."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.policy.actions import Action
from backend.policy.attributes import Promotion
from backend.policy.fields import fields_of
from backend.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Climb:
    """One setting that is due: from what, the step, and the steps that stay for later."""

    field: str
    held: str
    step: Promotion
    later: tuple[Promotion, ...]

    def patch(self) -> Mapping[str, Any]:
        """Return the change that takes the step."""
        group, _, key = self.field.partition(".")
        setting = {
            "action": self.step.to.value,
            "mode": "enforce",
            "promote": [step.document() for step in self.later],
        }
        return {group: {key: setting}}


def due(policy: Policy, today: date) -> tuple[Climb, ...]:
    """Return the settings whose day has come (UTC), by field; of several days, the latest counts.

    A setting that is as strict as its step already has nothing to climb.
    """
    fields = fields_of(policy.document())
    found = []
    for field, steps in sorted(policy.attributes.promotions.items()):
        reached = [step for step in steps if step.on <= today]
        held = str(fields.get(field, ""))
        is_shadow = field in policy.attributes.shadow
        if reached and (is_shadow or Action(held) < reached[-1].to):
            later = tuple(step for step in steps if step.on > today)
            found.append(Climb(field, held, reached[-1], later))
    return tuple(found)
