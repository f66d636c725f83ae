"""Learns what words are worth for a topic, from statements and words that speak of it or do not.

`health` has a file for each language, one a line: a letter, a tab and a text. H is said of
somebody's health, N of somebody and something else; S and W are words of health, alone strong or
weak. Beside them stand prompts written blind, those that were read, ordinary prompts, and the
templates of the model of names: those in which no rule finds a word of health speak of none.

Logistic regression, each weight with a step of its own (Duchi and others, AdaGrad, 2011).
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.custom.trial import ordinary_texts
from backend.detection.digest import digest_of
from backend.detection.engine import Detector
from backend.detection.model.document import ZERO
from backend.detection.normalise import folded, normalise
from backend.detection.rulebook import Rulebook
from backend.detection.topic import WINDOW, features, windows
from backend.training.blind import FOLDER as BLIND
from backend.training.blind import blind_prompts
from backend.training.synthetic import LANGUAGES, Templates, chosen

DEFAULT_OUT: Final = Path(__file__).parents[2] / "shared-rules" / "topics" / "health.json"
SAID: Final = Path(__file__).parent / "health"
_BUCKETS: Final = 1 << 18
_UNIT: Final = 12
"""So much is a nat."""
_MOST: Final = (-31, 63)
"""What a weight may be, to be written as one printable character."""
_FAINT: Final = 1
"""What weighs no more is left out: a fifth of the file, for nothing."""
_ROUNDS: Final = 4
_STEP: Final = 0.2
_SHRINK: Final = 2e-5
_LEAST_OFTEN: Final = 3
"""A feature of fewer texts is chance."""
_BIAS: Final = -1.0
"""What nothing is worth: given, as there are many more words of health here than in the world."""
_SURE: Final = 0.5
"""From so many nats on a text speaks of it: of prompts that were read, nearly none wrongly."""
_WEIGHTS: Final = {"H": 1.0, "N": 1.0, "S": 0.05, "W": 0.02}
_BLIND, _ORDINARY, _TEMPLATE = 1.5, 0.5, 1.0
_SLOT: Final = re.compile(r"\{[^}]*\}")
_FEWEST_WORDS: Final = 4
_FAMILY: Final = "health-term"

Buckets = npt.NDArray[np.uint32]


class _Text(NamedTuple):
    buckets: Buckets
    is_said: bool
    weight: float


def made(say: Callable[[str], None]) -> bytes:
    """Return the file of the topic of health. `say` is told what is being done."""
    texts = [
        _Text(part, is_said, weight)
        for text, is_said, weight in _texts()
        for part in _parts(text, is_said=is_said)
    ]
    said = sum(one.is_said for one in texts)
    say(f"{len(texts):,} texts, {said:,} of them of health")
    often = np.zeros(_BUCKETS, np.int64)
    for one in texts:
        often[one.buckets] += 1
    kept = [one._replace(buckets=one.buckets[often[one.buckets] >= _LEAST_OFTEN]) for one in texts]
    weights = _learned(kept, say)
    whole = np.clip(np.rint(weights * _UNIT), *_MOST).astype(np.int64)
    whole[np.abs(whole) <= _FAINT] = 0
    document = {
        "bias": round(_BIAS * _UNIT),
        "card": {
            "features": int(np.count_nonzero(whole)),
            "of health": said,
            "sources": sources(),
            "texts": len(texts),
        },
        "least": round(_SURE * _UNIT),
        "weights": "".join(chr(ZERO + one) for one in whole.tolist()),
    }
    return json.dumps(document, indent=1).encode() + b"\n"


def sources() -> str:
    """Return the digest of the statements and prompts that this is learned from."""
    paths = [*sorted(SAID.glob("*.txt")), *sorted(BLIND.glob("*.txt"))]
    return digest_of(b"".join(path.read_bytes() for path in paths))


def statements() -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each line of `health`."""
    for path in sorted(SAID.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, _, text = line.partition("\t")
            yield kind, text


def _texts() -> Iterator[tuple[str, bool, float]]:
    for kind, text in statements():
        yield text, kind != "N", _WEIGHTS[kind]
    for one in blind_prompts():
        if one.was_read:
            yield one.text, one.about == "PHI", _BLIND
    for text in ordinary_texts():
        yield text, False, _ORDINARY
    for text, is_said in _templates():
        yield text, is_said, _TEMPLATE


def _parts(text: str, *, is_said: bool) -> Iterator[Buckets]:
    """Yield what a text is, by window where it is ordinary: of each of them that can be said."""
    rows = features(folded(normalise(text).text), _BUCKETS - 1).buckets
    parts = [rows] if is_said else [rows[n : n + WINDOW] for n in windows(len(rows))]
    for part in parts:
        there = np.unique(part)
        yield there[there != 0]


def _templates() -> Iterator[tuple[str, bool]]:
    """Yield what templates say of somebody, and whether that holds a word of health."""
    rules = [rule for rule in Rulebook.load().rules if rule.family == _FAMILY and not rule.topic]
    by_itself = tuple(replace(rule, company=frozenset()) for rule in rules)
    detector, chance = Detector(Rulebook(_FAMILY, by_itself)), Random(1)  # noqa: S311 -- as above
    for language in LANGUAGES:
        templates = Templates.load(language, is_held_out=False)
        for template in (*templates.filled, *templates.empty):
            text = _SLOT.sub(" , ", chosen(template, chance))
            if len(text.split()) >= _FEWEST_WORDS:
                yield text, bool(detector.detect(text))


def _learned(texts: Sequence[_Text], say: Callable[[str], None]) -> npt.NDArray[np.float64]:
    weights, past = np.zeros(_BUCKETS), np.full(_BUCKETS, 1e-3)
    order, chance = list(texts), Random(1)  # noqa: S311 -- the same each time
    for number in range(_ROUNDS):
        chance.shuffle(order)
        for buckets, is_said, weight in order:
            sure = 1 / (1 + np.exp(-np.clip(_BIAS + weights[buckets].sum(), -30, 30)))
            step = (is_said - sure) * weight - _SHRINK * weights[buckets]
            past[buckets] += step * step
            weights[buckets] += _STEP * step / np.sqrt(past[buckets])
        say(f"round {number + 1} of {_ROUNDS}")
    return weights
