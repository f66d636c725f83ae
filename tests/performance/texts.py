"""Distinct texts of 2 KB by kind: a benchmark that repeats one text shows only how it is known."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Final

from backend.detection.custom.trial import ordinary_texts

SIZE: Final = 2048
EACH: Final = 100
REPOSITORY: Final = Path(__file__).parents[2]
_LEVELS: Final = ("INFO", "WARN", "DEBUG")
_CITIES: Final = ("Berlin", "Sevilla", "Porto", "Lyon", "Milano", "Utrecht", "Köln")


def texts_by_kind(seed: int = 1) -> Mapping[str, list[str]]:
    """Return texts of each kind, none twice: prose, prompts in seven languages, code, logs ..."""
    chance = Random(seed)  # noqa: S311 -- the same texts every time
    return {
        "prose": _cut(_shuffled(_sentences(), chance)),
        "prompts, 7 languages": _cut("\n\n".join(_turned(list(ordinary_texts()), chance))),
        "code": _cut("".join(_turned(list(_code()), chance))),
        "logs": _cut(_lines(chance, _log)),
        "tables": _cut(_lines(chance, _row)),
        "JSON": _cut(json.dumps([_order(chance) for _ in range(1500)], indent=1)),
    }


def _cut(text: str) -> list[str]:
    pieces = [text[start : start + SIZE] for start in range(0, len(text) - SIZE, SIZE)]
    return pieces[:EACH]


def _turned(texts: list[str], chance: Random) -> list[str]:
    return chance.sample(texts, len(texts))


def _sentences() -> list[str]:
    """Return the sentences of ordinary prompts that are made of words."""
    every = (s.strip() for text in ordinary_texts() for s in text.replace("\n", " ").split(". "))
    return sorted({s for s in every if len(s) > 40 and _is_prose(s)})


def _is_prose(sentence: str) -> bool:
    return sum(c.isalpha() or c in " ,'" for c in sentence) > 0.97 * len(sentence)


def _shuffled(sentences: list[str], chance: Random) -> str:
    return ". ".join(" ".join(_turned(sentences, chance)) for _ in range(8))


def _code() -> Iterator[str]:
    for folder, ending in (("backend", "*.py"), ("extension/src", "*.js")):
        for path in sorted((REPOSITORY / folder).rglob(ending)):
            yield path.read_text("utf-8")


def _lines(chance: Random, one: Callable[[Random], str]) -> str:
    return "\n".join(one(chance) for _ in range(3000))


def _log(chance: Random) -> str:
    clock = f"{chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}"
    return (
        f"2024-05-{chance.randint(1, 28):02}T{clock}.{chance.randrange(1000):03}Z "
        f"{chance.choice(_LEVELS)} [worker-{chance.randrange(9)}] {chance.getrandbits(64):016x} "
        f"GET /api/v1/items/{chance.randrange(9999)} 200 {chance.randrange(900)} ms "
        f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}"
    )


def _row(chance: Random) -> str:
    return "\t".join(
        [f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.2024", chance.choice(_CITIES),
         f"{chance.randrange(9999)},{chance.randrange(100):02}", f"{chance.randrange(10**6):06}",
         f"{chance.randrange(400)} kg"]
    )  # fmt: skip


def _order(chance: Random) -> dict[str, object]:
    return {
        "id": chance.randrange(10**5), "etag": f"{chance.getrandbits(48):012x}",
        "city": chance.choice(_CITIES), "price": chance.randrange(90000) / 100,
        "created": f"2024-0{chance.randint(1, 9)}-1{chance.randrange(10)}", "tags": ["a", "b"],
    }  # fmt: skip
