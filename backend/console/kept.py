"""What waits while somebody signs in again: the page they wanted, or the form they had filled."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from quart import g
from werkzeug.datastructures import MultiDict

_OURS: Final = re.compile(
    r"/console(?:/[A-Za-z0-9_-]+)*(?:\.[a-z]{1,8})?(?:\?[A-Za-z0-9_=&%.:+-]*)?"
)
_LONGEST: Final = 2000
_PATH: Final = "kept_path"
_PREFIX: Final = "kept:"
_FORM: Final = "console_form"
NEXT: Final = "next"
NEVER_CARRIED: Final = frozenset({"values", "sample"})
"""Values of real people, and texts being tried: they do not wait on a sign-in page."""
LEFT_OUT: Final = "left-out"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that could not be taken because nobody was signed in any more."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: str, form: Mapping[str, str]) -> Self:
        """Keep a form; whatever it asked for, going on with it only shows it again."""
        return cls(path, tuple({**form, "step": "preview"}.items()))

    @classmethod
    def whole(cls, path: str, form: MultiDict[str, str]) -> Self:
        """Keep a form as it is, to be sent once more."""
        return cls(path, tuple(form.items(multi=True)))

    @classmethod
    def carried_whole(cls, form: MultiDict[str, str]) -> Self | None:
        """Return the form a step-up carries with it, if it carries one."""
        path = local(form.get(_PATH, ""))
        fields = (
            (name.removeprefix(_PREFIX), value)
            for name, value in form.items(multi=True)
            if name.startswith(_PREFIX)
        )
        return cls(path, tuple(fields)) if path else None

    @classmethod
    def carried(cls, form: Mapping[str, str]) -> Self | None:
        """Return the form a sign-in carries with it, if it carries one."""
        path = local(form.get(_PATH, ""))
        if not path:
            return None
        fields = {
            name.removeprefix(_PREFIX): value
            for name, value in form.items()
            if name.startswith(_PREFIX)
        }
        return cls.of(path, fields)

    def without_values(self) -> Self:
        """Return it without what nobody else at this screen may read, and with a word of that."""
        rest = tuple(field for field in self.fields if field[0] not in NEVER_CARRIED)
        is_less = any(name in NEVER_CARRIED and value for name, value in self.fields)
        return type(self)(self.path, (*rest, (LEFT_OUT, "1")) if is_less else rest)

    def hidden(self) -> tuple[tuple[str, str], ...]:
        """Return the fields a sign-in carries it in."""
        return ((_PATH, self.path), *((_PREFIX + name, value) for name, value in self.fields))


def keep_form(form: KeptForm) -> None:
    """Keep the form of the present request, in case it cannot be taken."""
    setattr(g, _FORM, form)


def form_at_hand() -> KeptForm | None:
    """Return the form of the present request, if it is one that is kept."""
    kept: KeptForm | None = g.get(_FORM)
    return kept


def local(address: str) -> str:
    """Return an address of a page of ours, or nothing for any other."""
    is_ours = len(address) <= _LONGEST and _OURS.fullmatch(address)
    return address if is_ours and not address.startswith("/console/sign-") else ""


def next_of(full_path: str) -> dict[str, Any]:
    """Return the parameter that leads back to a page after the sign-in; none for the start."""
    address = local(full_path.rstrip("?"))
    return {NEXT: address} if address not in {"", "/console"} else {}
