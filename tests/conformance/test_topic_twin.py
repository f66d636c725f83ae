"""Both engines are told the same words of a text that speaks of health."""

from backend.detection.custom.trial import ordinary_texts
from backend.detection.normalise import folded
from backend.detection.topic import Topic
from backend.training.topics import statements
from tests.conformance.javascript import answered
from tests.conformance.test_model_twin import hostile
from tests.rulebooks import rulebook

ANYHOW = -(1 << 20)
"""From so little on every text speaks of a topic."""


def test_both_engines_are_told_the_same_words_of_statements_and_of_hostile_texts() -> None:
    (written,) = (rule.topic for rule in rulebook().rules if rule.topic)
    topics = [Topic.parse(written), Topic.parse(written._replace(least=ANYHOW))]
    said = [text for kind, text in statements() if kind in "HN"]
    texts = [*hostile(3000), *said[::5], *ordinary_texts(), " ".join(said[:40])]
    of_python = [[[list(span) for span in one.words(folded(t))] for one in topics] for t in texts]
    of_javascript = answered(["topic_lines.mjs"], texts)
    assert sum(bool(told) for told, _ in of_javascript) > 500
    assert [n for n, told in enumerate(of_python) if told != of_javascript[n]] == []
