"""What words are worth for health is learned from statements of our own, and fits them."""

import json
from collections import Counter

import pytest

from backend.detection.normalise import folded
from backend.detection.rulebook import WrittenTopic
from backend.detection.topic import Topic
from backend.training import topics
from backend.training.synthetic import LANGUAGES

WRITTEN = json.loads(topics.DEFAULT_OUT.read_bytes())
TOPIC = Topic.parse(WrittenTopic(WRITTEN["bias"], WRITTEN["least"], WRITTEN["weights"]))
STATEMENTS = list(topics.statements())


def test_the_topic_was_made_from_the_statements_and_prompts_that_lie_here() -> None:
    assert WRITTEN["card"]["sources"] == topics.sources(), "run `quillgate model health`"


def test_statements_have_a_kind_and_no_two_are_alike() -> None:
    assert {kind for kind, _ in STATEMENTS} == {"H", "N", "S", "W"}
    assert all(text == " ".join(text.split()) != "" for _, text in STATEMENTS)
    for path in topics.SAID.glob("*.txt"):
        lines = Counter(path.read_text(encoding="utf-8").splitlines())
        assert max(lines.values()) == 1, path.name
    assert {path.stem for path in topics.SAID.glob("*.txt")} >= set(LANGUAGES)


@pytest.mark.parametrize(("kind", "least", "most"), [("H", 0.9, 1), ("N", 0, 0.05)])
def test_health_is_told_from_what_is_said_in_the_same_words(
    kind: str, least: float, most: float
) -> None:
    some = [text for one, text in STATEMENTS if one == kind][::9]
    told = sum(bool(TOPIC.words(folded(text))) for text in some)
    assert least <= told / len(some) <= most
