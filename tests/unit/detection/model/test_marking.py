"""The model marks names and addresses, the same in every thread, and keeps no text."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.detection.engine import Detector
from backend.detection.model.decoding import Gain, best_spans, may_gain
from backend.detection.model.document import Model, Worth
from backend.detection.model.hashing import hashed
from backend.detection.model.lists import WordLists, filled
from backend.detection.model.tagger import Tagger
from backend.detection.model.tokens import lowered, tokenised
from backend.detection.recognizers.model import tagger_of
from backend.detection.rulebook import Rulebook

MODEL = Model.load()
TAGGER = tagger_of(MODEL.version)
DETECTOR = Detector(Rulebook.load())


def kinds(text: str) -> set[tuple[str, str]]:
    return {(one.type, text[one.start : one.end]) for one in DETECTOR.detect(text)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please transfer the money to Hiroshi Tanaka at our branch.", "Hiroshi Tanaka"),
        ("Yesterday Olga Petrenko cancelled her appointment again.", "Olga Petrenko"),
        ("hi, can you ask jennifer miller if she got the results?", "jennifer miller"),
        ("Gestern hat Katharina Schuster in der Praxis angerufen.", "Katharina Schuster"),
        ("Hier Camille Lefebvre est venue à la consultation.", "Camille Lefebvre"),
        ("Ieri Giulia Romano ha chiamato per la fattura.", "Giulia Romano"),
    ],
)
def test_a_name_is_found_without_a_label_before_it(text: str, name: str) -> None:
    assert ("PERSON", name) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Summarise the following article about Apache Spark and PostgreSQL in three sentences.",
        "What is the difference between Crohn's disease and Hodgkin lymphoma?",
        "Was ist der Unterschied zwischen Umlaufvermögen und Anlagevermögen?",
        "SELECT name, city FROM customers WHERE id = 42;",
        "Write a poem about the sea in the style of Shakespeare.",
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert kinds(text) == set()


def test_a_place_counts_only_beside_somebody() -> None:
    assert kinds("What is the weather like in Hamburg?") == set()
    assert ("LOCATION", "Hamburg") in kinds("Please tell Thomas Becker to drive to Hamburg.")


@pytest.mark.parametrize(
    "theirs",
    ["call +49 170 1234567", "mail jo.becker@praxis-nord.de", "born on 12 May 1984", "Age: 93"],
)
def test_a_place_counts_beside_what_is_somebodys(theirs: str) -> None:
    assert ("LOCATION", "Hamburg") in kinds(f"She lives in Hamburg, {theirs}.")


def test_a_place_that_is_nobodys_makes_no_word_of_health_somebodys() -> None:
    assert not kinds("How many people in Hamburg have diabetes?")


@pytest.mark.parametrize("figure", ["Emily Dickinson", "Gustave Flaubert", "Sherlock Holmes"])
def test_a_public_figure_is_nobody_in_confidence(figure: str) -> None:
    assert not kinds(f"Write a letter from {figure} to an editor in London.")
    assert ("PERSON", "Olga Petrenko") in kinds(f"Yesterday Olga Petrenko read {figure} to us.")


def test_a_label_says_more_than_the_model() -> None:
    text = "Patient: Maria Gonzalez"
    assert [one.rule for one in DETECTOR.detect(text)] == ["person-label"]


def test_rules_that_name_another_model_are_refused() -> None:
    rule = next(one for one in DETECTOR.rulebook.rules if one.sort == "PER")
    other = Detector(Rulebook("made-up", (replace(rule, model="another"),)))
    with pytest.raises(ValueError, match="rules compile"):
        other.detect("Anybody at all")


def test_a_model_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 9"):
        Model.parse(json.dumps({"format": 9}).encode())


def test_nothing_of_a_text_stays_in_memory_but_hashes_and_numbers() -> None:
    tagger = Tagger(MODEL)
    tagger.tagged("Zebulon Quagmire paid 4716")
    assert all(isinstance(name, int) for name in tagger._memory.rows)  # noqa: SLF001


def test_words_that_python_keeps_in_the_same_bytes_are_told_apart() -> None:
    tagger = Tagger(MODEL)
    tagger.tagged("\u7167 \uc5c5 \u6e61")
    for word in ("gq", "\u00c5\u00c5", "an"):
        assert (tagger.worth(f"ask {word} now") == TAGGER.worth(f"ask {word} now")).all()
        assert (tagger.worth(word) == Tagger(MODEL).worth(word)).all()


def test_more_words_than_it_keeps_are_marked_all_the_same() -> None:
    tagger = Tagger(MODEL)
    sentence = "Please call Hiroshi Tanaka back."
    expected = tagger.tagged(sentence)
    many = " ".join(f"w{number:x}q" for number in range(45_000))
    tagger.tagged(many)
    assert len(tagger._memory.rows) <= tagger._memory.size  # noqa: SLF001
    assert tagger.tagged(sentence) == expected
    again = tagger.tagged(f"{sentence}\n{many}")[0]
    assert (again.sort, again.start, again.end) == expected[0][:3]


def test_words_that_only_a_former_memory_knew_are_learned_again() -> None:
    """Somebody else began a new memory after these words were looked for in the former one."""
    tagger = Tagger(MODEL)
    tagger.tagged("ask Hiroshi")
    words = {hash(word) ^ len(word): word for word in ("ask ", "Hiroshi", "now", "")}
    tagger._memory = tagger._empty(tagger._memory.size)  # noqa: SLF001
    memory = tagger._learned(words)  # noqa: SLF001
    assert memory is tagger._memory  # noqa: SLF001
    assert words.keys() <= memory.rows.keys()


def test_threads_that_learn_the_same_words_at_once_mark_the_same() -> None:
    tagger = Tagger(MODEL)
    texts = [f"Ask Hiroshi Tanaka{n % 7} and Olga Petrenko about case {n}." for n in range(200)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(tagger.tagged, texts))
    assert found == [TAGGER.tagged(text) for text in texts]


@given(st.text(max_size=60))
def test_tokens_stand_where_they_say_and_leave_out_nothing_but_space(text: str) -> None:
    tokens = tokenised(text)
    places = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    assert [text[start:end] for start, end in places] == list(tokens.words)
    kept = {place for start, end in places for place in range(start, end)}
    assert {text[place] for place in range(len(text)) if place not in kept} <= set(" \t\r\u00a0")


@given(st.text(max_size=60))
def test_lower_case_keeps_the_length(text: str) -> None:
    assert len(lowered(text)) == len(text)


@given(st.text(max_size=80))
def test_marks_lie_inside_the_text_in_order_and_apart(text: str) -> None:
    marked = TAGGER.tagged(text)
    ends = [0, *(one.end for one in marked)]
    assert all(
        end <= one.start < one.end <= len(text) for end, one in zip(ends, marked, strict=False)
    )
    assert all(one.margin > 0 for one in marked)


def test_others_are_believed_sooner_where_somebody_is_surely_named() -> None:
    model = replace(
        MODEL, sureness={"PER": [(40, 500), (78, 530)]},
        beside={"PER": [(9, 500)], "LOC": [(9, 500)]},
    )  # fmt: skip
    assert model.sureness_of([("PER", 60), ("PER", 10), ("LOC", 10)]) == [0.5, 0, 0]
    assert model.sureness_of([("PER", 80), ("PER", 10), ("LOC", 10)]) == [0.53, 0.5, 0.5]


def worth(model: Model, worths: Worth, labels: tuple[int, ...]) -> int | None:
    """Return what labels are worth beyond nothing; None where they may not follow each other."""
    begins, insides = model.gains(worths)
    leave_begin, leave_inside, stay_begin, stay_inside = model.moves
    total = 0
    for place, label in enumerate(labels):
        sort, is_inside = divmod(label - 1, 2)
        follows = labels[place + 1] if place + 1 < len(labels) else 0
        if label and is_inside and (not place or labels[place - 1] not in {label, label - 1}):
            return None
        if label:
            goes_on = follows == 2 * sort + 2
            moves = (stay_inside if goes_on else leave_inside) if is_inside else (
                stay_begin if goes_on else leave_begin
            )  # fmt: skip
            total += int((insides if is_inside else begins)[place, sort]) + moves[sort]
    return total


@given(st.lists(st.lists(st.integers(-300, 300), min_size=4, max_size=4), min_size=1, max_size=5))
def test_no_other_way_to_mark_a_text_is_worth_more(rows: list[list[int]]) -> None:
    model = replace(
        MODEL, labels=["O", "B-A", "I-A", "B-B", "I-B"], sure=[10**6, 10**6], leave=3,
        moves=([5, -7], [2, 4], [-3, 8], [6, -1]),
    )  # fmt: skip
    worths = np.array(rows, np.int16)
    values = [worth(model, worths, labels) for labels in product(range(5), repeat=len(rows))]
    best = max(value for value in values if value is not None)
    every = {place: [0, 1] for place in range(len(rows))}
    begins, insides = model.gains(worths)
    found = best_spans(model, list(every), begins.tolist(), insides.tolist(), every)
    assert sum(one.margin for one in found) == best


@given(st.lists(st.lists(st.integers(-90, 60), min_size=4, max_size=4), min_size=1, max_size=12))
def test_what_may_gain_nothing_changes_nothing(rows: list[list[int]]) -> None:
    model = replace(
        MODEL, labels=["O", "B-A", "I-A", "B-B", "I-B"], sure=[50, 30], leave=3,
        moves=([5, -7], [2, 4], [-3, 8], [6, -1]),
    )  # fmt: skip
    begins, insides = model.gains(np.array(rows, np.int16))
    places, sorts = np.nonzero(begins >= -np.array(model.sure))
    hopes = may_gain(model, begins, insides, places, sorts)

    def best(chosen: npt.NDArray[np.bool_]) -> list[Gain]:
        begun: dict[int, list[int]] = {}
        for place, sort in zip(places[chosen].tolist(), sorts[chosen].tolist(), strict=True):
            begun.setdefault(place, []).append(sort)
        found = best_spans(model, range(len(rows)), begins.tolist(), insides.tolist(), begun)
        return list(found)

    assert best(hopes) == best(np.ones_like(hopes))


def test_words_are_found_in_their_lists_and_hardly_any_other() -> None:
    given_names, towns = [f"name{n}" for n in range(2000)], [f"town{n}" for n in range(2000)]
    lists = WordLists(filled([given_names, [], towns, [], [], []]))
    of = lambda words: lists.of(np.array([hashed(word) for word in words], np.uint32))  # noqa: E731
    assert set(of(given_names).tolist()) <= {n for n in range(64) if n & 1}
    assert set(of(towns).tolist()) <= {n for n in range(64) if n & 4}
    strangers = of([f"stranger{n}" for n in range(4000)])
    assert np.count_nonzero(strangers) < 4000 * 6 * 0.02


def test_the_rules_alone_mark_nothing_and_are_the_same_rulebook() -> None:
    alone = DETECTOR.rulebook.rules_only
    text = "Please transfer the money to Hiroshi Tanaka at our branch."
    assert alone.version == DETECTOR.rulebook.version
    assert Detector(alone).detect(text) == ()
