"""Texts without names to learn what is ordinary: what programs say in seven languages, and code.

They come from the catalogues and sources of packages that only training installs, and from the
corpus of prompts in which there is nothing to protect.
"""

import gettext
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from backend.detection.custom import trial
from backend.training.corpora import Sentence
from backend.training.people import Names, is_one_of

LOCALES: Final = ("en", "es", "de", "fr", "it", "pt", "pt_BR", "nl")
_PLACEHOLDER: Final = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")
_TAG: Final = re.compile(r"<[^>]*>")
_CODE_LINES: Final = 14
_SHORTEST: Final = 12
_HELD_OUT: Final = 40
"""Percent of the prompts of the corpus that training never sees."""


def ordinary_texts(seed: int, count: int) -> Iterator[str]:
    """Yield `count` texts, four of five in words, the rest code; the same for the same packages."""
    chance = random.Random(seed)  # noqa: S311 -- examples, not secrets
    said = [list(_said(locale)) for locale in LOCALES]
    sources = list(_sources())
    for _ in range(count):
        if chance.random() < 0.2:
            yield _excerpt(chance, chance.choice(sources))
            continue
        strings = chance.choice(said)
        joint = chance.choice((" ", "\n", ". "))
        text = joint.join(chance.choices(strings, k=chance.choice((1, 1, 2, 3, 5))))
        yield text.lower() if chance.random() < 0.12 else text


def prompts_at_work(*, is_held_out: bool) -> list[str]:
    """Return the corpus's prompts to learn from, or those that training never sees."""
    return [one for one in trial.ordinary_texts() if is_one_of(one, _HELD_OUT) is is_held_out]


def with_places(texts: Sequence[str], names: Names) -> Iterator[Sentence]:
    """Yield texts with the places marked that stand in them as whole words."""
    places = sorted({*names.large, *names.countries} - {*names.regions})
    finder = AhoCorasick(places, matchkind=MatchKind.LeftmostLongest)
    for text in texts:
        found = finder.find_matches_as_indexes(text)
        yield Sentence(
            text,
            tuple((start, end, "LOC") for _, start, end in found if _is_whole(text, start, end)),
        )


def _is_whole(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _said(locale: str) -> Iterator[str]:
    """Yield what the packages say in a language; English is what the others translate."""
    found = set[str]()
    for root in _roots():
        for path in sorted(root.rglob(f"{'de' if locale == 'en' else locale}/LC_MESSAGES/*.mo")):
            with path.open("rb") as file:
                catalogue: dict[object, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]  # noqa: SLF001 -- there is no other way to all of it
            for source, text in catalogue.items():
                said = source if locale == "en" else text
                if isinstance(said, str):
                    found.add(_TAG.sub("", _PLACEHOLDER.sub("12", said)).strip())
    yield from sorted(one for one in found if len(one) >= _SHORTEST and "Content-Type" not in one)


def _sources() -> Iterator[Sequence[str]]:
    for root in _roots():
        for path in sorted([*root.rglob("*.py"), *root.rglob("*.js"), *root.rglob("*.html")]):
            if "locale" in path.parts or ".min." in path.name or "timezone" in path.name:
                continue
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            if _CODE_LINES < len(lines) < 4000 and max(map(len, lines)) < 300:
                yield lines


def _excerpt(chance: random.Random, lines: Sequence[str]) -> str:
    first = chance.randrange(len(lines) - _CODE_LINES)
    return "\n".join(lines[first : first + chance.randint(3, _CODE_LINES)])


def _roots() -> list[Path]:
    import django
    import rest_framework
    import taggit
    import wagtail

    modules = (django, wagtail, rest_framework, taggit)
    return [Path(str(module.__file__)).parent for module in modules]
