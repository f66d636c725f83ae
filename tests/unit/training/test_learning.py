"""The field learns what names look like, by the right gradient, to the same byte each time."""

import json
import random

import numpy as np

from backend.detection.model.document import Model
from backend.detection.model.features import Looks
from backend.detection.model.lists import WordLists, filled
from backend.detection.model.tagger import Tagger
from backend.detection.model.tokens import tokenised
from backend.training.featuring import LABELS, SORTS, Examples, examples, labelled
from backend.training.field import Field
from backend.training.learning import BUCKETS, document, learned

NOTHING = filled([["unused"], [], [], [], [], []])
VERBS = ("called", "met", "thanked", "saw", "paid", "wrote to")
THINGS = ("the bank", "our team", "a dentist", "the office", "my lawyer")


def invented(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(3)).title()


def sentences(seed: int, count: int) -> list[tuple[str, tuple[tuple[int, int, str], ...]]]:
    chance = random.Random(seed)  # noqa: S311 -- the same sentences every time
    made = []
    for _ in range(count):
        before = f"Yesterday {chance.choice(THINGS)} {chance.choice(VERBS)} "
        if chance.random() < 0.5:
            name = f"{invented(chance)} {invented(chance)}"
            made.append(
                (f"{before}{name} again.", ((len(before), len(before) + len(name), "PER"),))
            )
        else:
            made.append((f"{before}{chance.choice(THINGS)} again.", ()))
    return made


def data(seed: int, count: int) -> Examples:
    return examples(sentences(seed, count), Looks(WordLists(NOTHING), {}), BUCKETS)


def content(seed: int) -> bytes:
    field = learned(data(1, 400), seed, epochs=2, told=lambda _: None)
    sureness = {"PER": ((0.0, 500),)}
    return json.dumps(
        document(field, NOTHING, [], sureness, {}, dict.fromkeys(SORTS, 8.0), {})
    ).encode()


def test_names_never_seen_are_marked_after_learning_from_others() -> None:
    tagger = Tagger(Model.parse(content(1)))
    right = sum(
        [(one.start, one.end, one.sort) for one in tagger.tagged(text)] == list(spans)
        for text, spans in sentences(99, 200)
    )
    assert right >= 195


def test_the_same_seed_makes_the_same_bytes() -> None:
    assert content(5) == content(5)


def test_the_gradient_is_that_of_the_loss() -> None:
    """Central differences, in a field so small that float32 can tell."""
    made = data(3, 6)
    small = made.features[:, :64]
    field = Field(64, len(LABELS))
    chance = np.random.default_rng(0)
    field.weights[:] = chance.normal(0, 0.3, field.weights.shape)
    field.moves[:] = chance.normal(0, 0.3, field.moves.shape)
    batch = sorted(made.sequences, key=len, reverse=True)
    rows = np.concatenate(batch)
    ends = np.cumsum([len(one) for one in batch])
    local = [np.arange(end - len(one), end) for one, end in zip(batch, ends, strict=True)]
    features, gold = small[rows], made.labels[rows]
    shares, moved, _ = field.gradient(np.asarray(features @ field.weights), local, gold)
    of_weights = np.asarray(features.T @ shares)
    step = np.float32(0.02)
    for values, of_values in ((field.weights, of_weights), (field.moves, moved)):
        largest = np.unravel_index(np.argsort(-np.abs(of_values), axis=None)[:6], of_values.shape)
        for place in zip(*largest, strict=True):
            losses = []
            for sign in (1, -1):
                values[place] += sign * step
                losses.append(field.gradient(np.asarray(features @ field.weights), local, gold)[2])
                values[place] -= sign * step
            slope = (losses[0] - losses[1]) / (2 * step)
            assert abs(slope - of_values[place]) < 0.02 * abs(of_values[place]) + 0.02


def test_a_span_marks_whole_tokens_and_no_end_of_a_line() -> None:
    tokens = tokenised("Ann\nLee pays")
    labels = [LABELS[n] for n in labelled(tokens, [(0, 7, "PER")])]
    assert labels == ["B-PER", "O", "I-PER", "O"]
