"""Prompts as people write them, with names and addresses marked: templates filled by chance.

Templates lie in `templates`, one a line; those behind `# without` hold nothing to mark. A person's
title, the possessive and the post code stand outside the marks; a city and a region are marked
apart from the street before them.
"""

import functools
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from backend.detection.compilation import ROOT
from backend.training.addresses import Addresses
from backend.training.corpora import Span
from backend.training.people import Names

TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGES: Final = ("en", "es", "de", "fr", "it", "pt", "nl")
_SHARES: Final = (44, 14, 10, 10, 8, 7, 7)
"""Percent of all prompts by language."""
_OF_MANY: Final = 0.3
"""How many of the people in prompts have one of the commonest names."""
_WITH: Final = 0.58
"""The part of all prompts that hold something to mark."""
_HELD_OUT: Final = 20
"""One template of so many is never filled in training."""
_SLOT: Final = re.compile(r"\{([a-z]+)\}")
_PARTS_OF_NAMES: Final = frozenset({"given", "family"})
"""Slots that are one name together: "{given} {family}" and "{family}, {given}"."""
_CHOICE: Final = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
"""One of several: `[said|told us]`; one may be empty."""
_PARTICLES: Final[Mapping[str, Sequence[str]]] = {
    "es": ("de", "de la", "del"), "de": ("von",), "nl": ("van", "van der", "de", "van den"),
    "pt": ("da", "dos", "de"), "fr": ("de", "Le"), "it": ("De", "Di"), "en": ("van", "de", "Mc"),
}  # fmt: skip
_VOWELS: Final = "aeiou"
_CONSONANTS: Final = "bcdfghjklmnprstvwyz"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text and what is marked in it."""

    text: str
    spans: tuple[Span, ...]
    language: str


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of one language: with something to mark, and without."""

    filled: Sequence[str]
    empty: Sequence[str]

    @classmethod
    def load(cls, language: str, *, is_held_out: bool) -> "Templates":
        """Read those of training, or those that training never sees."""
        lines = (TEMPLATES / f"{language}.txt").read_text(encoding="utf-8").splitlines()
        start = lines.index("# without")
        parts = (lines[1:start], lines[start + 1 :])
        return cls(
            *(
                [one for n, one in enumerate(part) if (n % _HELD_OUT == 1) is is_held_out]
                for part in parts
            )
        )


def prompts(seed: int, count: int, names: Names, *, is_held_out: bool = False) -> Iterator[Prompt]:
    """Yield `count` prompts, the same for the same seed and names."""
    chance = random.Random(seed)  # noqa: S311 -- examples, not secrets
    part = names.part(is_held_out=is_held_out)
    by_language = {
        language: Templates.load(language, is_held_out=is_held_out) for language in LANGUAGES
    }
    for _ in range(count):
        language = chance.choices(LANGUAGES, _SHARES)[0]
        yield _prompt(_Filler(chance, part, language), by_language[language])


def _prompt(filler: "_Filler", templates: Templates) -> Prompt:
    chance = filler.chance
    writing = _Writing()
    has_marks = chance.random() < _WITH
    parts = chance.choices((1, 2, 3, 4), (55, 25, 13, 7))[0]
    if chance.random() < 0.12:
        writing.write(chance.choice(filler.words["openers"][filler.language]))
        writing.write(chance.choice((" ", "\n", "\n\n")))
    for number in range(parts):
        if number:
            writing.write(chance.choice((" ", " ", "\n", "\n\n")))
        is_filled = has_marks and (number == 0 or chance.random() < 0.6)
        source = templates.filled if is_filled else templates.empty
        _fill(writing, chosen(chance.choice(source), chance), filler)
    return _varied(writing, filler)


def slots_of(template: str) -> list[str]:
    """Return the names of the slots of a template, in their order."""
    return _SLOT.findall(template)


def chosen(template: str, chance: random.Random) -> str:
    """Return a template with one of each of its choices taken, and its ends of lines."""
    text = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), template)
    return text.replace("\\n", "\n")


def _varied(writing: "_Writing", filler: "_Filler") -> Prompt:
    """Return what was written, sometimes in lower case, in capitals, or without its last sign."""
    text, spans, chance = writing.text, tuple(writing.spans), filler.chance
    way = chance.random()
    if way < 0.13:
        low = text.lower()
        text = low if len(low) == len(text) else text
    elif way < 0.15:
        high = text.upper()
        text = high if len(high) == len(text) else text
    elif way < 0.22 and text[-1] in ".?!":
        text = text[:-1]
        spans = tuple((start, min(end, len(text)), label) for start, end, label in spans)
    return Prompt(text, spans, filler.language)


class _Writing:
    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []

    def write(self, text: str, label: str = "") -> None:
        """Write text, marked where it has a label."""
        if label and text:
            self.spans.append((len(self.text), len(self.text) + len(text), label))
        self.text += text

    def join(self) -> None:
        """Make one mark of the last two."""
        (_, end, label), (start, _, _) = self.spans.pop(), self.spans.pop()
        self.spans.append((start, end, label))


def _fill(writing: _Writing, template: str, filler: "_Filler") -> None:
    place, parts = 0, ""
    for slot in _SLOT.finditer(template):
        between = template[place : slot.start()]
        writing.write(between)
        getattr(filler, slot[1])(writing)
        is_part = slot[1] in _PARTS_OF_NAMES
        is_one = (
            is_part and bool(parts) and (between == " " or (between, parts) == (", ", "family"))
        )
        if is_one:
            writing.join()
        place, parts = slot.end(), "given" if is_one and parts == "given" else slot[1] * is_part
    writing.write(template[place:])


class _Filler:
    """Writes slots: a method for each, named like it."""

    def __init__(self, chance: random.Random, names: Names, language: str) -> None:
        self.chance = chance
        self.names = names
        self.language = language
        self.words = words_to_fill_with()
        self.addresses = Addresses(chance, names, language, self.words)

    def person(self, writing: _Writing) -> None:
        writing.write(self._name(), "PER")

    def given(self, writing: _Writing) -> None:
        name = self._given()
        writing.write(name.upper() if self.chance.random() < 0.02 else name, "PER")

    def family(self, writing: _Writing) -> None:
        name = self._family()
        writing.write(name.upper() if self.chance.random() < 0.03 else name, "PER")

    def titled(self, writing: _Writing) -> None:
        writing.write(self.chance.choice(self.words["titles"][self.language]) + " ")
        name = self._family() if self.chance.random() < 0.5 else self._name()
        writing.write(name, "PER")

    def titledfamily(self, writing: _Writing) -> None:
        if self.chance.random() < 0.4:
            writing.write("Dr. ")
        writing.write(self._family(), "PER")

    def initialled(self, writing: _Writing) -> None:
        writing.write(f"{self._given()[0]}. {self._family()}", "PER")

    def address(self, writing: _Writing) -> None:
        writing.write(self.addresses.address(), "ADR")

    def street(self, writing: _Writing) -> None:
        writing.write(self.addresses.street(), "ADR")

    def city(self, writing: _Writing) -> None:
        way = self.chance.random()
        if way < 0.12:
            name = self.chance.choice(self.words["cities"][self.language])
        else:
            name = self.chance.choice(self.names.cities[self.language if way < 0.74 else "other"])
        writing.write(name, "LOC")

    def region(self, writing: _Writing) -> None:
        is_own = self.chance.random() < (0.4 if self.language == "en" else 0.8)
        regions = self.words["regions"][self.language] if is_own else self.names.regions
        writing.write(self.chance.choice(regions), "LOC")

    def country(self, writing: _Writing) -> None:
        is_own = self.chance.random() < 0.75
        countries = self.words["countries"][self.language] if is_own else self.names.countries
        writing.write(self.chance.choice(countries), "LOC")

    def org(self, writing: _Writing) -> None:
        way = self.chance.random()
        words, choice = self.words, self.chance.choice
        if way < 0.5:
            name = self._patterned(choice(words["orgs"][self.language]))
        elif way < 0.6:
            name = choice(words["orgs"]["known"])
        elif way < 0.66:
            name = f"{self._family()} & {self._family()}"
        elif way < 0.74:
            name = f"{self._family()} {choice((choice(words['trade']), 'Ltd'))}"
        elif way < 0.8:
            name = choice(words["brand"])
        elif way < 0.86:
            name = self._invented()
        else:
            name = f"{choice(words['thing'])} {choice(words['trade'])}"
        if self.chance.random() < 0.12:
            name += choice((" Inc.", " LLC", " GmbH", " S.A.", " Ltd.", " B.V.", " S.p.A."))
        writing.write(name, "ORG")

    def hospital(self, writing: _Writing) -> None:
        writing.write(
            self._patterned(self.chance.choice(self.words["hospitals"][self.language])), "ORG"
        )

    def surnamed(self, writing: _Writing) -> None:
        letters = self._letters(self.chance.randint(1, 2))
        writing.write(f"{self._family()} {letters}", "PER")

    def figure(self, writing: _Writing) -> None:
        if self.chance.random() < 0.3:
            writing.write(self.chance.choice(self.words["figure"]))
            return
        name = self.chance.choice(public_figures())
        is_whole = self.chance.random() < 0.92 or name.split()[-1][0].islower()
        writing.write(name if is_whole else name.split()[-1])

    def figment(self, writing: _Writing) -> None:
        """Write the name of a figure of a story, most often one that nobody bears."""
        chance, way = self.chance, self.chance.random()
        words = self.names.words[self.language]
        given = self._invented() if chance.random() < 0.6 else self._given()
        if way < 0.35:
            writing.write(given)
        elif way < 0.85:
            other = chance.choice(words) if way < 0.6 else ""
            writing.write(f"{given} {chance.choice(words).title()}{other}")
        else:
            writing.write(self._name())

    def eponym(self, writing: _Writing) -> None:
        writing.write(self.chance.choice(self.words["eponym"]))

    def lawcase(self, writing: _Writing) -> None:
        chance = self.chance
        parties = [
            chance.choice(
                (self._family(), self._family(), *self.words["brand"][:3], "United States")
            )
            for _ in range(2)
        ]
        report = chance.choice(self.words["report"])
        writing.write(
            f"{parties[0]} v. {parties[1]}, {chance.randint(1, 999)} {report} "
            f"{chance.randint(1, 999)} ({chance.randint(1850, 2025)})"
        )

    def vitals(self, writing: _Writing) -> None:
        chance = self.chance
        sign = chance.choice(self.words["vitals"])
        first, second = chance.randint(80, 220), chance.randint(40, 110)
        forms = (
            f"{sign} {first}/{second}", f"{sign}: {first}/{second}", f"{sign} {second}",
            f"{sign}: {second}", f"{sign} {second} %", f"{sign} {second}, {sign} {first}",
        )  # fmt: skip
        writing.write(chance.choice(forms))

    def brand(self, writing: _Writing) -> None:
        writing.write(self.chance.choice(self.words["brand"]))

    def product(self, writing: _Writing) -> None:
        writing.write(self.chance.choice(self.words["product"]))

    def postcode(self, writing: _Writing) -> None:
        number = self.chance.randrange(1000, 99999)
        if self.language == "nl":
            writing.write(f"{number % 9000 + 1000} {self._letters(2)}")
        elif self.language == "en" and self.chance.random() < 0.3:
            writing.write(f"{self._letters(2)}{number % 20 + 1} {number % 9 + 1}{self._letters(2)}")
        else:
            writing.write(f"{number:05d}")

    def date(self, writing: _Writing) -> None:
        chance = self.chance
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1935, 2026)
        name = self.words["months"][self.language][month - 1]
        forms = (
            f"{month:02d}/{day:02d}/{year}", f"{day:02d}.{month:02d}.{year}",
            f"{day} {name} {year}",
            f"{year}-{month:02d}-{day:02d}", f"{name} {day}, {year}", f"{day}/{month}/{year % 100}",
        )  # fmt: skip
        writing.write(chance.choice(forms))

    def month(self, writing: _Writing) -> None:
        writing.write(self.chance.choice(self.words["months"][self.language]))

    def year(self, writing: _Writing) -> None:
        writing.write(str(self.chance.randint(1890, 2026)))

    def time(self, writing: _Writing) -> None:
        writing.write(f"{self.chance.randint(6, 21):02d}:{self.chance.choice(('00', '15', '30'))}")

    def age(self, writing: _Writing) -> None:
        writing.write(str(self.chance.randint(1, 97)))

    def number(self, writing: _Writing) -> None:
        writing.write(str(self.chance.randrange(10, 10 ** self.chance.randint(3, 10))))

    def amount(self, writing: _Writing) -> None:
        value = self.chance.randrange(5, 90_000)
        writing.write(
            self.chance.choice((f"${value:,}", f"{value} €", f"{value} EUR", f"£{value}"))
        )

    def phone(self, writing: _Writing) -> None:
        form = self.chance.choice(self.words["phone"])
        digits = (self.chance.choice("0123456789") if one == "0" else one for one in form)
        writing.write("".join(digits))

    def email(self, writing: _Writing) -> None:
        local = f"{self._given()}.{self._family()}".lower().replace(" ", "")
        writing.write(f"{local}@{self.chance.choice(('mail', 'clinic', 'post'))}.example")

    def handle(self, writing: _Writing) -> None:
        writing.write(
            f"{self._given()}{self._family()}{self.chance.randrange(99)}".replace(" ", "")
        )

    def _patterned(self, pattern: str) -> str:
        """Return the name of a company, an authority or a place of care."""
        chance = self.chance
        word = chance.choice(self.names.words[self.language]).title()
        return pattern.format(
            city=chance.choice(self.names.cities[self.language]), given=self._given(),
            family=self._family(), word=word, trade=chance.choice(self.words["trade"]),
            letters=self._letters(chance.randint(2, 4)),
        )  # fmt: skip

    def _name(self) -> str:
        """Return a person's name in one of the forms people write."""
        given, family, other = self._given(), self._family(), self._given()
        particle = self.chance.choice(_PARTICLES[self.language])
        forms = {
            f"{given} {family}": 62, f"{given} {self._letters(1)}. {family}": 8,
            f"{family}, {given}": 6, f"{given[0]}. {family}": 5,
            f"{given} {family}-{self._family()}": 2, f"{given}-{other} {family}": 3,
            f"{given} {other} {family}": 5, f"{given} {family}".upper(): 3,
            f"{given} {family}".lower(): 2, f"{given} {particle} {family}": 4,
            f"{self._letters(2)} {family}": 1, f"{given} {self._letters(1)}.": 1,
        }  # fmt: skip
        return self.chance.choices(list(forms), list(forms.values()))[0]

    def _given(self) -> str:
        return self._drawn(self.names.given, self.names.common_given)

    def _family(self) -> str:
        name = self._surname()
        if self.language in {"es", "pt"} and self.chance.random() < 0.35:
            name += f" {self._surname()}"
        elif self.chance.random() < 0.05:
            name += f"-{self._surname()}"
        elif self.chance.random() < 0.02:
            name = f"O'{name}"
        return name

    def _surname(self) -> str:
        return self._drawn(self.names.family, self.names.common_family)

    def _drawn(
        self, names: Mapping[str, Sequence[str]], common: Mapping[str, Sequence[str]]
    ) -> str:
        way = self.chance.random()
        if way < 0.1:
            return self._invented()
        whose = "other" if way < 0.32 else self.language
        return self.chance.choice(
            common[whose] if self.chance.random() < _OF_MANY else names[whose]
        )

    def _invented(self) -> str:
        """Return what sounds like a name and is on no list."""
        chance = self.chance
        syllables = [
            chance.choice(_CONSONANTS)
            + chance.choice(_VOWELS)
            + chance.choice(("", "", "n", "r", "l", "s"))
            for _ in range(chance.randint(2, 3))
        ]
        return "".join(syllables).title()

    def _letters(self, count: int) -> str:
        return "".join(self.chance.choices("ABCDEFGHJKLMNPRSTVWY", k=count))


@functools.cache
def words_to_fill_with() -> dict[str, Any]:
    """Return what slots are filled with, by its name."""
    return tomllib.loads((TEMPLATES / "words.toml").read_text(encoding="utf-8"))


@functools.cache
def public_figures() -> Sequence[str]:
    """Return the names that the rule for marked names takes for nobody's in confidence."""
    path = ROOT / "rules" / "phi" / "person-marked.toml"
    names: Sequence[str] = tomllib.loads(path.read_text(encoding="utf-8"))["stop_words"]
    return names


SLOTS: Final[frozenset[str]] = frozenset(name for name in vars(_Filler) if not name.startswith("_"))
"""What a template may hold."""
