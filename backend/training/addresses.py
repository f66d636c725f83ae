"""Streets and addresses as people of seven countries write them."""

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from backend.training.people import Names

_JOINED: Final = frozenset({"de", "nl"})
"""Languages that write a street's name and kind as one word."""
_KIND_LAST: Final = frozenset({"en", *_JOINED})


class Addresses:
    """Makes up streets and addresses of one language."""

    def __init__(
        self, chance: random.Random, names: Names, language: str, words: Mapping[str, Any]
    ) -> None:
        self.chance = chance
        self.names = names
        self.language = language
        self.known: Mapping[str, Sequence[str]] = words[f"street_{language}"]

    def street(self) -> str:
        """Return the name of a street."""
        if self.chance.random() < 0.08:
            return self._filled(self.chance.choice(self.known["whole"]))
        name, kind = self._name(), self.chance.choice(self.known["kind"])
        if self.language in _JOINED:
            if " " in name:
                joint = "-" if self.language == "de" and self.chance.random() < 0.7 else " "
                return f"{name.replace(' ', joint)}{joint}{kind.capitalize()}"
            is_apart = self.chance.random() < 0.12
            return f"{name} {kind.capitalize()}" if is_apart else f"{name}{kind}"
        return f"{name} {kind}" if self.language in _KIND_LAST else f"{kind} {name}"

    def address(self) -> str:
        """Return a street with a number, often with a flat, sometimes with a house's name."""
        street, number = self.street(), self._number()
        if self.language in {"en", "fr"}:
            comma = ", " if self.language == "fr" and self.chance.random() < 0.4 else " "
            text = f"{number}{comma}{street}"
        elif self.language in _JOINED:
            text = f"{street} {number}"
        else:
            comma = ", " if self.chance.random() < 0.6 else " "
            sign = self.chance.choice(("nº ", "n. ", "n° ", "", "", "", ""))
            text = f"{street}{comma}{sign}{number}"
        way = self.chance.random()
        if way < 0.2:
            return text + self._filled(self.chance.choice(self.known["behind"]))
        if way < 0.3:
            return self._filled(self.chance.choice(self.known["before"])) + text
        if way < 0.34:
            return f"{self._filled(self.chance.choice(self.known['house']))}, {street}"
        return text

    def _name(self) -> str:
        """Return what a street may be called after."""
        chance, way = self.chance, self.chance.random()
        if way < 0.25:
            return chance.choice(self.known["name"])
        if way < 0.4:
            return chance.choice(self.names.family[self.language])
        if way < 0.5:
            return chance.choice(self.names.cities[self.language])
        return self._filled(chance.choice(self.known["pattern"]))

    def _filled(self, pattern: str) -> str:
        """Return a pattern with words, names and numbers in it."""
        chance, names = self.chance, self.names
        return pattern.format_map(
            _Lazily(
                word=lambda: chance.choice(names.words[self.language]).title(),
                lower=lambda: chance.choice(names.words[self.language]),
                given=lambda: chance.choice(names.given[self.language]),
                family=lambda: chance.choice(names.family[self.language]),
                city=lambda: chance.choice(names.cities[self.language]),
                n=lambda: str(chance.randint(1, 40)),
                nn=lambda: str(chance.randint(1, 1400)),
                letter=lambda: chance.choice("ABCDEFGH"),
            )
        )

    def _number(self) -> str:
        chance = self.chance
        share, most = (0.6, 19_999) if self.language == "en" else (0.9, 2_500)
        number = chance.randint(1, 250) if chance.random() < share else chance.randint(250, most)
        if chance.random() < 0.8:
            return str(number)
        forms = ("{0}a", "{0}b", "{0}B", "{0} A", "{0}-{1}", "{0}/{1}", "{0}{2}", "{0}\u2013{1}")
        own = {"fr": "{0} bis", "nl": "{0}-{1}", "de": "{0}/{1}/{1}", "en": "{1}/{0}"}
        form = chance.choice((*forms, own.get(self.language, "{0}")))
        return form.format(number, chance.randint(1, 90), chance.choice("ACDEF"))


class _Lazily(dict[str, Any]):
    """What is filled in, made up each time it is asked for."""

    def __getitem__(self, name: str) -> str:
        made: str = super().__getitem__(name)()
        return made
