"""Numbers that pass the check of who issues them, behind words that name them."""

import importlib  # noqa: TID251 -- the checks of python-stdnum, by name
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from backend.detection.validators import VALIDATORS
from tests.conformance.makers import MAKERS
from tests.conformance.samples import mended, sample
from tests.performance.standins.cases import Case

EACH: Final = 6
_TRIES: Final = 3000
KNOWN: Final = (
    "My {name} is {value}.", "{name}: {value}", "The {name} on file is {value}, please check it.",
    "Mi {name} es {value}.", "Meine {name} lautet {value}.", "Mon {name} est le {value}.",
    "Il mio {name} è {value}", "Mijn {name} is {value}", "O meu {name} é {value}.",
    "{name} {value}", '{{"{name}": "{value}"}}', "{name} = {value}", "- {name}: **{value}**",
    "{name} no. {value}", "Please update the {name} ({value}) in the customer's record.",
)  # fmt: skip
"""Ways to name a value that the rules were made with in mind."""
HELD_OUT: Final = (
    "Just to double check before I file this: {name} {value}, right?", "{name} >> {value}",
    "I was told my {name} would be {value}; can you see it?", "* {name} : '{value}'",
    "Apunta, por favor, el {name}: {value}, y avísame.", "{name},{value},2024",
    "Ich habe {name} {value} eingetragen, passt das?", "<li><b>{name}</b> {value}</li>",
    "Merci de noter le {name} {value} dans le dossier.", "{name} [{value}]",
    "Ho inserito il {name} ({value}), va bene?", "set {name} to {value}",
    "Graag {name} {value} verwerken.", "Por favor regista o {name} {value} no sistema.",
)  # fmt: skip
"""Ways that nothing was changed for: measured, never tuned to."""


@dataclass(frozen=True, slots=True)
class Number:
    """One kind of number: its type, its check, how it is written and what people call it."""

    type: str
    check: str
    shape: str
    spellings: tuple[str, ...]
    names: tuple[str, ...]

    def value(self, chance: Random) -> str:
        """Return a number the check accepts, compact or in another spelling."""
        plain = self._valid(chance)
        spelling = chance.choice(("", *self.spellings))
        return _spelled(plain, spelling) if spelling.count("#") == len(plain) else plain

    def spoilt(self, chance: Random) -> str | None:
        """Return a number of the shape that the check refuses, None where it refuses none."""
        if self.check.startswith(("+", "-")):
            return None
        tried = (sample(self.shape, chance) for _ in range(_TRIES))
        return next((value for value in tried if not _check(self.check)(value)), None)

    def _valid(self, chance: Random) -> str:
        if self.check.startswith("+"):
            return MAKERS[self.check[1:]](chance)
        is_valid = _check(self.check)
        for _ in range(_TRIES):
            value = sample(self.shape, chance)
            changed = value if is_valid(value) else mended(value, is_valid, chance)
            if changed is not None and re.fullmatch(self.shape, changed):
                return changed
        raise ValueError(f"no valid {self.type} of this shape")


@cache
def _check(name: str) -> Callable[[str], bool]:
    if name == "-":
        return bool
    if name.startswith("="):
        return VALIDATORS[name[1:]]
    module = importlib.import_module(f"stdnum.{name}")

    def is_valid(value: str) -> bool:
        with suppress(Exception):  # some modules fail on what is no number of theirs
            return bool(module.is_valid(value))
        return False

    return is_valid


def _spelled(plain: str, spelling: str) -> str:
    signs = iter(plain)
    return "".join(next(signs) if sign == "#" else sign for sign in spelling)


@cache
def numbers() -> tuple[Number, ...]:
    """Return every kind of number of `numbers.txt`."""
    lines = Path(__file__).with_name("numbers.txt").read_text("utf-8").splitlines()
    fields = [re.split(r" \|(?= )", line) for line in lines if not line.startswith("#")]
    return tuple(
        Number(kind, check.strip(), shape.strip(), _several(spellings), _several(names))
        for kind, check, shape, spellings, names in fields
    )


def _several(field: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in field.split(";") if one.strip())


def named(phrases: tuple[str, ...], seed: int = 1) -> Iterator[Case]:
    """Yield each kind of number behind its names, in turn of the phrases."""
    chance = Random(seed)  # noqa: S311 -- the same numbers every time
    for number in numbers():
        for turn in range(EACH):
            name, phrase = number.names[turn % len(number.names)], chance.choice(phrases)
            before, after = phrase.format(name=name, value="\0").split("\0")
            yield Case.of((before, (number.value(chance), number.type), after))


def bare(seed: int = 2) -> Iterator[Case]:
    """Yield each kind of number as all there is of a text."""
    chance = Random(seed)  # noqa: S311 -- the same numbers every time
    for number in numbers():
        for _ in range(EACH):
            yield Case.of(((number.value(chance), number.type),))


def spoilt(seed: int = 3) -> Iterator[tuple[str, str]]:
    """Yield texts that are no number of a kind, though of its shape, with the kind."""
    chance = Random(seed)  # noqa: S311 -- the same numbers every time
    for number in numbers():
        for _ in range(EACH):
            if (value := number.spoilt(chance)) is not None:
                yield value, number.type
