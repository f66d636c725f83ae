"""What a text speaks of is told from its words, their beginnings and their pairs."""

from dataclasses import replace

import numpy as np
import pytest

from backend.detection.engine import Detector
from backend.detection.explanation import reason
from backend.detection.model.document import ZERO
from backend.detection.rulebook import Rule, Rulebook, WrittenTopic
from backend.detection.topic import STEP, WINDOW, Topic, features, windows
from tests.rulebooks import rulebook

BUCKETS = 1 << 12
(TOLD,) = (rule for rule in rulebook().rules if rule.topic)


def topic_of(**worth: int) -> Topic:
    """Return a topic of which whole words, and what begins with them, are worth something."""
    weights = np.zeros(BUCKETS, np.int16)
    for word, value in worth.items():
        weights[features(word, BUCKETS - 1).buckets[0, 0]] = value
    return Topic(-5, 10, weights)


def told(topic: Topic, text: str) -> list[str]:
    return [text[start:end] for start, end in topic.words(text)]


def detector_of(rule: Rule) -> Detector:
    named = [one for one in rulebook().rules if one.family == "name" and not one.sort]
    return Detector(Rulebook("topic", (*named, rule)))


@pytest.mark.parametrize(
    ("one", "other"),
    [("gestürzt", "gesturzt"), ("fièvre", "fievre"), ("a b c", "a, b ... c"), ("été", "ete")],
)
def test_marks_on_letters_and_signs_between_words_say_nothing(one: str, other: str) -> None:
    assert np.array_equal(features(one, 0xFFFF).buckets, features(other, 0xFFFF).buckets)


def test_words_that_begin_alike_have_that_in_common() -> None:
    broken, breaking = (set(features(w, 0xFFFF).buckets[0]) for w in ("gebrochen", "gebrochenes"))
    assert len(broken & breaking - {0}) == 4
    assert broken != breaking


def test_numbers_are_no_words_and_part_pairs() -> None:
    rows = features("left 12 right", 0xFFFF).buckets
    assert not rows[1].any()
    assert rows[0, -1], "left and right, with one between"
    assert not rows[0, -2], "left and 12"


def test_a_text_speaks_of_a_topic_when_its_words_are_worth_enough_together() -> None:
    topic = topic_of(fever=9, cough=8, tired=3, grey=6)
    assert told(topic, "a fever") == []
    assert told(topic, "fever fever fever") == []
    assert told(topic_of(fever=30), "a fever") == [], "one word says nothing yet"
    assert told(topic, "a cough and fever") == ["cough", "fever"]
    assert told(topic, "fever, tired, cough, tired") == ["fever", "cough"], "what is clear"
    assert told(topic, "fever, tired, grey, grey") == [], "one that is clear"


def test_words_far_from_each_other_are_not_worth_something_together() -> None:
    topic, between = topic_of(fever=9, cough=8), "word " * WINDOW
    assert told(topic, f"{between}fever cough {between}") == ["fever", "cough"]
    assert told(topic, f"fever {between} cough") == []


@pytest.mark.parametrize("words", [0, 1, WINDOW, WINDOW + 1, 500])
def test_every_word_is_in_a_window(words: int) -> None:
    seen = {n for first in windows(words) for n in range(first, first + WINDOW)}
    assert seen >= set(range(words))
    assert len(windows(words)) <= 1 + words // STEP


def test_a_text_without_words_is_silent() -> None:
    assert [told(topic_of(fever=90), text) for text in ("", "12 34", "?!", "発熱")] == [[]] * 4


def test_health_is_told_only_beside_somebody() -> None:
    said = "She hasn't kept anything down since Tuesday and fainted in the shower."
    detector = detector_of(TOLD)
    assert [one.rule for one in detector.detect(said)] == []
    found = {one.rule for one in detector.detect(f"Patient: Ann Lee\n{said}")}
    assert "health-told" in found


def test_who_reads_why_is_told_that_the_text_speaks_of_it_as_a_whole() -> None:
    said = "She hasn't kept anything down since Tuesday and fainted in the shower."
    found = detector_of(TOLD).detect(f"Patient: Ann Lee\n{said}")
    why = {reason(one) for one in found if one.rule == TOLD.id}
    assert why == {"Is a word by which the text speaks of health, beside somebody it may be about."}


def test_a_topic_is_silent_where_another_rule_of_its_family_found_something() -> None:
    by_word = next(one for one in rulebook().rules if one.id == "health-word")
    alone = replace(TOLD, company=frozenset())
    both = Detector(Rulebook("both", (replace(by_word, company=frozenset()), alone)))
    text = "He has eczema, fainted in the shower and hasn't kept anything down since Tuesday."
    assert {one.rule for one in both.detect(text)} == {"health-word"}
    assert {one.rule for one in Detector(Rulebook("one", (alone,))).detect(text)} == {"health-told"}


def test_a_rule_carries_its_weights_as_one_printable_sign_each() -> None:
    topic = TOLD.topic
    assert isinstance(topic, WrittenTopic)
    assert len(topic.weights) & (len(topic.weights) - 1) == 0
    assert all(ZERO - 31 <= ord(sign) <= ZERO + 63 for sign in set(topic.weights))
