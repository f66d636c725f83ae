"""Labels as code and forms shorten them, written out: `nlPassportNo`, `de_id_card`, "BE passport".

Rules name a country's identifiers in words, as "dutch passport" does, and short names without full
stops, as "pesel". A reading in which a label is written so lets each of them find what it names.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from backend.detection.linear import NOWHERE, Linear
from backend.detection.views import Edit, View, rewritten

REACH: Final = 4096
"""How far a value may stand from its label: the head of a table stands above all of its rows."""
_COUNTRIES_WRITTEN: Final = """
ad andorran andorra ae uae emirates al albanian albania ar argentine argentina at austrian austria
au australian australia az azerbaijani azerbaijan bd bangladeshi bangladesh be belgian belgium bg
bulgarian bulgaria bo bolivian bolivia br brazilian brazil by belarusian belarus ca canadian canada
ch swiss switzerland cl chilean chile cn chinese china co colombian colombia cr costa_rican
costa_rica cu cuban cuba cy cypriot cyprus cz czech czechia de german germany dk danish denmark do
dominican dominicana dz algerian algeria ec ecuadorian ecuador ee estonian estonia eg egyptian egypt
es spanish spain fi finnish finland fo faroese faroes fr french france gb uk britain ge georgian
georgia gh ghana ghana gn guinean guinea gr greek greece gt guatemalan guatemala hk hong_kong
hong_kong hn honduran honduras hr croatian croatia hu hungarian hungary id indonesian indonesia ie
irish ireland il israeli israel in indian india ir iranian iran is icelandic iceland it italian
italy jp japanese japan ke kenyan kenya kr korean korea kw kuwait kuwait kz kazakh kazakhstan li
liechtenstein liechtenstein lk sri_lankan sri_lanka lt lithuanian lithuania lu luxembourg luxembourg
lv latvian latvia ma moroccan morocco md moldovan moldova me montenegrin montenegro mk macedonian
macedonia mt maltese malta mu mauritian mauritius mx mexican mexico my malaysian malaysia mz
mozambican mozambique ng nigerian nigeria ni nicaraguan nicaragua nl dutch netherlands no norwegian
norway np nepali nepal nz new_zealand new_zealand pa panamanian panama pe peruvian peru ph
philippine philippines pk pakistani pakistan pl polish poland pt portuguese portugal py paraguayan
paraguay ro romanian romania rs serbian serbia ru russian russia rw rwandan rwanda sa saudi ksa se
swedish sweden sg singapore singapore si slovenian slovenia sk slovak slovakia sn senegalese senegal
sv salvadoran salvador th thai thailand tn tunisian tunisia tr turkish turkey tw taiwan taiwan tz
tanzanian tanzania ua ukrainian ukraine ug ugandan uganda uk uk britain us us usa uy uruguayan
uruguay ve venezuelan venezuela vn vietnamese vietnam za south_african south_africa zw zimbabwean
zimbabwe
"""
COUNTRIES: Final = [one.replace("_", " ") for one in _COUNTRIES_WRITTEN.split()]
CODES: Final = dict(zip(COUNTRIES[::3], COUNTRIES[1::3], strict=True))
"""By code (ISO 3166-1, and UK), as rules name what is of a country."""
_NAMES: Final = dict(zip(COUNTRIES[2::3], COUNTRIES[1::3], strict=True))
_ALL: Final = {**CODES, **_NAMES, **{of: of for of in CODES.values()}}
_ALSO_WORDS: Final = frozenset(
    ["at", "be", "by", "de", "do", "es", "in", "is", "it", "ma", "me", "my", "no", "se", "si", "us"]
)
"""In capitals they may be words of a text in capitals, behind a name anything."""
_WORDS_IN_NAMES: Final = frozenset(["by", "do", "is", "ma", "me", "my", "no", "se", "si"])
"""In small letters these are words before a name in code too: `my_passport`."""
_ID: Final = "id"
_OF_GERMAN_TAX: Final = ["id", "nr"]
"""As `IdNr` it is a tax number's own name, and no document's."""
_OF_INDONESIA: Final = frozenset(["nik", "npwp", "passport"])
_NOUNS_WRITTEN: Final = """
account address bango bank birth broj bsn card carte cedula cislo citizen citizenship civil codice
corporate dob driver drivers driving employee employer fiscal identity insurance insured itin kod
konta licence license medical medicare member national nid nino npi nr num numar number numer numero
nummer pasaporte paspoort passport patient personal phone pin plate postal postcode registration
residence resident routing seguro social ssn steuer stevilka student szam tax taxpayer tin vat
vehicle versicherung vin voter zip
"""
NOUNS: Final = frozenset(_NOUNS_WRITTEN.split())
"""A label that is written out has one of these, or begins with a country's code."""
_ANY_NOUN: Final = "|".join(sorted(NOUNS))
_ANY_TITLE: Final = "|".join(sorted(noun.title() for noun in NOUNS))
_ANY_CODE: Final = "|".join(sorted(CODES.keys() - _ALSO_WORDS - {_ID}))
_ANY_NAME: Final = "|".join(sorted(name.title() for name in {*_NAMES, *CODES.values()}))
_CUE: Final = Linear(
    rf"(?i:{_ANY_NOUN})[_-][A-Za-z]|[A-Za-z][_-](?i:{_ANY_NOUN})"
    rf"|\b(?:{_ANY_CODE})[A-Z][A-Za-z]|\b(?i:{_ANY_CODE})[_-][A-Za-z]|[a-z](?:{_ANY_TITLE})|(?:{_ANY_NOUN}|{_ANY_TITLE})[A-Z]"
    rf"|(?:[A-Z]{{2}}|{_ANY_NAME})[ -](?:[A-Za-z]{{1,12}}[ ])?(?i:{_ANY_NOUN})"
    rf"|[A-Za-z.][ ][(\[](?:[A-Za-z]{{2}}|{_ANY_NAME})[)\]]"
    r"|\b(?:[A-Za-z]\.){2}[A-Za-z]\b"
)
_LABEL: Final = Linear(
    rf"([A-Z]{{2}}|{_ANY_NAME})[ -]([A-Za-z]+(?:[ ][A-Za-z]+)?)"
    r"|([A-Za-z]+(?:[_-][A-Za-z]+)+|[A-Za-z]*[a-z][A-Z][A-Za-z]*)"
    rf"|([A-Za-z]+(?:[ ][A-Za-z]+){{0,3}}\.?)[ ][(\[]([A-Za-z]{{2}}|{_ANY_NAME})[)\]]"
    r"|((?:[A-Za-z]\.){2,6}[A-Za-z])"
)
_PIECE: Final = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]")


def written_labels(view: View) -> View | None:
    """Return `view` with its shortened labels in words, None when there are none."""
    flat = view.text.encode("ascii", "replace")
    if not _CUE.is_in(flat):
        return None
    edits = list(_edits(flat))
    if not edits:
        return None
    made = rewritten(view, edits, is_joined=False, reach=REACH)
    return replace(made, changed=None, labels=made.changed)


def _edits(flat: bytes) -> Iterator[Edit]:
    start, end = NOWHERE
    while True:
        (start, end), (_, behind), *spans = _LABEL.groups(flat, max(end, 0))
        if start < 0:
            return
        if behind > 0:  # a country, what stands behind it may itself be shortened
            end = behind
        if flat[start - 1 : start].isalnum() or flat[end : end + 1].isalnum():
            continue
        of, name, before, inside, dotted = (
            flat[first:last].decode() if last > 0 else "" for first, last in spans
        )
        label = None
        if name:
            label = _of_pieces(name)
        elif dotted:
            label = dotted.replace(".", "").lower()
        elif inside:
            left, label = _before_brackets(before, inside)
            start += left
        elif not NOUNS.isdisjoint(of.lower().split(" ")):
            label = _country(flat[start:end].decode(), of)
        if label is not None:
            yield start, end, label


def _before_brackets(before: str, inside: str) -> tuple[int, str | None]:
    """Return how long what is no label is, and the label behind it with the country in brackets."""
    words = before.lower().split(" ")
    left = 0
    while words and words[0] not in NOUNS:
        left += len(words.pop(0)) + 1
    country = None if inside in _ALSO_WORDS else _ALL.get(inside.lower())
    return left, " ".join([country, *words]) if country and words else None


def _of_pieces(name: str) -> str | None:
    pieces = [piece.lower() for part in re.split("[_-]", name) for piece in _PIECE.findall(part)]
    first, *others = pieces
    *most, last = pieces
    is_of_a_country = others and first in CODES and first not in {*_ALSO_WORDS, _ID}
    if (NOUNS.isdisjoint(pieces) and not is_of_a_country) or pieces == _OF_GERMAN_TAX:
        return None
    is_word = first in _WORDS_IN_NAMES and name.startswith(first)
    if not is_word and (country := _country(first.upper(), " ".join(others))):
        pieces = [country, *others]
    elif last in CODES and last not in _ALSO_WORDS and last != _ID:
        pieces = [CODES[last], *most]
    return " ".join(pieces)


def _country(written: str, label: str) -> str | None:
    """Return how rules name what is of a country before a label, None when it is none."""
    code = written.lower()
    if code == _ID:
        return CODES[_ID] if label.lower().split(" ")[0] in _OF_INDONESIA else None
    if code in _ALSO_WORDS and (code == written or label.isupper()):
        return None
    return _ALL.get(code)
