"""The settings of a policy that are one choice each: what may be chosen, and what was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from backend.console.policy_values import value_in_words
from backend.console.policy_words import field_in_words
from backend.console.shapes import Choice
from backend.core.errors import InvalidInput
from backend.policy.actions import Action, OnUnavailable, ServerVerdict

PREFIX: Final = "setting-"


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of a document with everything it may say."""

    path: str
    values: tuple[Any, ...]
    help: str

    @property
    def label(self) -> str:
        """What a page calls it."""
        return field_in_words(self.path)

    def choices(self, chosen: Any) -> tuple[Choice, ...]:
        """Return what may be chosen; a value that is there already may always stay."""
        offered = self.values if chosen is None or chosen in self.values else self._with(chosen)
        return tuple(
            Choice(str(value), value_in_words(self.path, value), value == chosen)
            for value in offered
        )

    def read(self, text: str, present: Any) -> Any:
        """Return the value a form means. Raise InvalidInput for one that cannot be chosen."""
        for value in (*self.values, present):
            if value is not None and str(value) == text:
                return value
        raise InvalidInput(f"“{self.label}” was sent with no value it can have. Choose one.")

    def _with(self, chosen: Any) -> tuple[Any, ...]:
        """Return the choices with one more, numbers in their order."""
        return tuple(sorted((*self.values, chosen), key=lambda one: (isinstance(one, str), one)))


SETTINGS: Final = (
    Setting(
        "default_action", tuple(one.value for one in Action),
        "For what no group, type or category above says anything about.",
    ),
    Setting(
        "minimum_confidence", (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
        "A higher share means fewer false alarms, and more that is missed.",
    ),
    Setting(
        "server_verdict", tuple(one.value for one in ServerVerdict),
        "The browser is faster; the server has more ways to look.",
    ),
    Setting(
        "on_unavailable", tuple(one.value for one in OnUnavailable),
        "For the time the server cannot be reached.",
    ),
    Setting(
        "exception_minutes", (0, 15, 30, 60, 120, 240, 480, 1440, 4320, 10080),
        "Whoever approves may choose less, never more.",
    ),
    Setting("exception_approvers", ("two_if_locked", "two"), "Who has to say yes to one."),
    Setting(
        "second_approval", ("never", "weakening"),
        "Once on, switching it off needs a second person as well.",
    ),
)  # fmt: skip


def settings_of(form: Mapping[str, str], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings a form changes."""
    read = {
        one.path: one.read(form[PREFIX + one.path], base.get(one.path))
        for one in SETTINGS
        if PREFIX + one.path in form
    }
    return {path: value for path, value in read.items() if value != base.get(path)}
