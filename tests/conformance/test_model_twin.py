"""Both engines' models mark the same, to the last unit of every score."""

from random import Random

from backend.detection.custom.trial import ordinary_texts
from backend.detection.model.document import Worth
from backend.detection.recognizers.model import tagger_of
from tests.conformance.javascript import answered
from tests.rulebooks import detector

ALPHABET = (
    "aAbBeEzZ", "ßİıſΣςσАя́\u0301\u0308", "\u200b\u00ad\u2028\u00a0\t\n\r \u0000", "0123456789٣",
    ".,:;-'’@#()[]/_=!?\"&|*«»", "🙂𝒳中ñéÅŁøœ\ufffd\ud800",
)  # fmt: skip
WORDS = ("Maria", "gonzalez", "Dr.", "Elm Street", "12", "O'Brien", "patient", "IL", "Köln", "de")


def hostile(count: int) -> list[str]:
    chance = Random(20261127)  # noqa: S311 -- the same texts every time
    signs = "".join(ALPHABET)
    return [
        "".join(
            chance.choice(WORDS) if chance.random() < 0.2 else chance.choice(signs)
            for _ in range(chance.randrange(40))
        )
        for _ in range(count)
    ]


def checksum(worth: Worth) -> int:
    total = 0
    for score in worth.ravel().tolist():
        total = (total * 31 + score) & 0xFFFFFFFF
    return total - (1 << 32) if total >= 1 << 31 else total


def test_both_models_give_every_token_of_hostile_and_ordinary_texts_the_same_scores() -> None:
    model = next(rule.model for rule in detector().rulebook.rules if rule.sort == "PER")
    tagger = tagger_of(model)
    texts = [*hostile(6000), *ordinary_texts()]
    of_python = [
        [
            checksum(tagger.worth(text)),
            [[one.sort, one.start, one.end, one.margin] for one in tagger.tagged(text)],
        ]
        for text in texts
    ]
    of_javascript = answered(["mark_lines.mjs"], texts)
    assert sum(len(spans) for _, spans in of_javascript) > 500
    assert [n for n, said in enumerate(of_python) if said != of_javascript[n]] == []
