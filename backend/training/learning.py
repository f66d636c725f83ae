"""Learns the model's weights from examples and writes them as whole numbers."""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from backend.detection.model.document import FORMAT, ZERO
from backend.training.featuring import LABELS, SORTS, Examples
from backend.training.field import Field, Rows

Grades = Mapping[str, Sequence[tuple[float, int]]]
"""For each sort of span the nats from which on it is so many thousandths sure."""
BUCKETS: Final = 1 << 16
EPOCHS: Final = 4
TOKENS_A_BATCH: Final = 3000
DROPPED: Final = 0.2
"""The part of all features that a step does not see, so that no few of them decide."""
_MOST: Final = 26
"""The largest weight: finer ones change no answer worth the name, and are twice as long to send."""
_CLIPPED: Final = 0.9995
"""This part of the weights keeps its size; the rest is cut to the largest."""


def learned(
    data: Examples, seed: int, epochs: int = EPOCHS, told: Callable[[str], None] = print
) -> Field:
    """Return a field trained on all examples, the same for the same seed."""
    chance = np.random.default_rng(seed)
    field = Field(BUCKETS, len(LABELS))
    for epoch in range(1, epochs + 1):
        batches, loss = _batches(data.sequences, chance), 0.0
        for number in chance.permutation(len(batches)):
            batch = sorted(batches[number], key=len, reverse=True)
            rows = np.concatenate(batch)
            ends = np.cumsum([len(one) for one in batch])
            local = [np.arange(end - len(one), end) for one, end in zip(batch, ends, strict=True)]
            features = data.features[rows]
            features.data *= (chance.random(features.nnz) >= DROPPED) / np.float32(1 - DROPPED)
            loss += field.learn(features, local, data.labels[rows])
        told(f"epoch {epoch} of {epochs}: {loss / len(data.labels):.4f} nats a token")
    return field


def _batches(sequences: Sequence[Rows], chance: np.random.Generator) -> list[list[Rows]]:
    """Return sequences of about the same length together."""
    ties = chance.random(len(sequences))
    order = sorted(range(len(sequences)), key=lambda n: (len(sequences[n]) // 4, ties[n]))
    batches: list[list[Rows]] = [[]]
    size = 0
    for number in order:
        if size >= TOKENS_A_BATCH:
            batches.append([])
            size = 0
        batches[-1].append(sequences[number])
        size += len(sequences[number])
    return batches


def whole_numbers(field: Field) -> tuple[npt.NDArray[np.int8], list[list[int]], int]:
    """Return weights, moves in the same unit, and how many units are one nat."""
    sizes = np.abs(field.weights)
    unit = _MOST / float(np.quantile(sizes[sizes > 1e-6], _CLIPPED))
    weights = np.clip(np.rint(field.weights * unit), -_MOST, _MOST).astype(np.int8)
    moves = np.rint(field.moves * unit).astype(int)
    return weights, moves.tolist(), round(unit)


def document(
    field: Field,
    lists: bytes,
    sorts: Sequence[str],
    sureness: Grades,
    beside: Grades,
    sure: Mapping[str, float],
    card: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the model's file as JSON, but for its bytes: see backend.detection.model.document."""
    weights, moves, unit = whole_numbers(field)
    return {
        "format": FORMAT,
        "labels": list(LABELS),
        "weights": (weights + ZERO).astype(np.uint8).tobytes().decode("ascii"),
        "moves": moves,
        "sure": [round(sure[sort] * unit) for sort in SORTS],
        "unit": unit,
        "lists": base64.b64encode(lists).decode(),
        "sorts": list(sorts),
        "sureness": _in_units(sureness, unit),
        "beside": _in_units(beside, unit),
        "card": dict(card),
    }


def _in_units(grades: Grades, unit: int) -> dict[str, list[list[int]]]:
    return {
        sort: [[round(nats * unit), thousandths] for nats, thousandths in some]
        for sort, some in grades.items()
    }
