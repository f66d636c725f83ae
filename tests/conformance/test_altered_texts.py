"""Both engines answer alike on texts nobody wrote: the vectors, joined and damaged."""

import json
from dataclasses import asdict
from pathlib import Path
from random import Random

import pytest

from tests.conformance.javascript import answers_of_javascript
from tests.disguises import ADDRESSES, ANYWHERE, DIGITS
from tests.rulebooks import detector

HERE = Path(__file__).parent
VECTORS = HERE.parents[1] / "shared-rules" / "vectors" / "detection"
TEXTS = 2000
ORDINARY = [*"0123456789 -.:/_+=@aAzZ", " no ", "id: ", "number "]
# Zero width, spaces, dashes, folding traps, other digits, look-alikes, compatibility forms, beyond
# the basic plane, a lone surrogate.
UNUSUAL = [
    *"é\u200b\u00a0\u2011\u0130ßſ\u212aΣς٣９Аае\ufb01½\ufe0f\u2028\t\n\r😀𝟗𝐀\U00010330\ud800"
]


def altered_texts(seed: int) -> list[str]:
    """Return texts made of vectors, with characters put in, left out and repeated."""
    chance = Random(seed)  # noqa: S311 -- the same texts every time
    paths = sorted(VECTORS.glob("*.json"))
    known = [v["text"] for path in paths for v in json.loads(path.read_text("utf-8"))]
    joined = (" ".join(chance.choices(known, k=chance.randint(1, 3))) for _ in range(TEXTS))
    return [altered(disguised(text, chance), chance) for text in joined]


def disguised(text: str, chance: Random) -> str:
    """Hide a part of one text in four."""
    if chance.randrange(4):
        return text
    start = chance.randrange(len(text))
    end = start + chance.randint(8, 60)
    disguise = chance.choice([*ANYWHERE.values(), *DIGITS.values(), *ADDRESSES.values()])
    return text[:start] + disguise(text[start:end]) + text[end:]


def altered(text: str, chance: Random) -> str:
    """Damage a text in up to eight places."""
    for _ in range(chance.choice((0, 1, 2, 3, 8))):
        place = chance.randrange(len(text) + 1)
        here = text[place : place + chance.randint(0, 12)]
        inserted = chance.choice((chance.choice(UNUSUAL), chance.choice(ORDINARY), "", here * 2))
        text = text[:place] + inserted + text[place + chance.choice((0, len(here))) :]
    return text


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_find_the_same_in_altered_texts(seed: int) -> None:
    texts = altered_texts(seed)
    of_python = [[asdict(finding) for finding in found] for found in detector().detect_all(texts)]
    of_javascript = answers_of_javascript(texts)
    assert sum(map(len, of_python)) > TEXTS / 4
    assert [n for n in range(TEXTS) if of_python[n] != of_javascript[n]] == []
