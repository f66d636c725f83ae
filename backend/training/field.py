"""A linear-chain conditional random field over hashed features, trained by Adagrad.

Lafferty, McCallum, Pereira, Conditional Random Fields (ICML 2001); Duchi, Hazan, Singer, Adaptive
Subgradient Methods (JMLR 2011).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

RATE: Final = 0.15
DECAY: Final = 2e-6
_BARRED: Final = np.float32(-1e4)
_LEAST: Final = np.float32(-1e9)
_TINY: Final = np.float32(1e-30)


@dataclass
class Field:
    """Weights of `buckets` features for each label, and what it is worth to leave it or to stay.

    Labels are one for nothing, then begin and inside of each sort of span. `moves[0]` is for each
    label what it is worth that nothing or a begin follows, or the end, `moves[1]` that the inside
    of the same sort does: so a span's worth does not depend on what stands before and behind it.
    """

    buckets: int
    labels: int
    weights: Floats = field(init=False)
    moves: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.weights = np.zeros((self.buckets, self.labels), np.float32)
        self.moves = np.zeros((2, self.labels), np.float32)
        self._seen = np.full_like(self.weights, 1e-4)
        self._seen_moves = np.full_like(self.moves, 1e-4)
        numbers = np.arange(self.labels)
        self._is_inside = (numbers % 2 == 0) & (numbers > 0)
        own = (numbers[:, None] == numbers) | (numbers[:, None] == numbers - 1)
        self._stays = self._is_inside & own
        self._never = self._is_inside & ~own

    def learn(self, features: Any, batch: Sequence[Rows], gold: Integers) -> float:
        """Take one step along the gradient; return the loss in nats.

        `features` is a sparse array of tokens by buckets; `batch` holds for each text its tokens'
        rows, the longest first; `gold` is the label of each row.
        """
        scores = np.asarray(features @ self.weights, dtype=np.float32)
        shares, moved, loss = self.gradient(scores, batch, gold)
        grown = np.asarray(features.T @ shares, dtype=np.float32)
        grown += DECAY * len(gold) * self.weights
        self._seen += grown * grown
        self.weights -= RATE * grown / np.sqrt(self._seen)
        self._seen_moves += moved * moved
        self.moves -= RATE * moved / np.sqrt(self._seen_moves)
        return loss

    def gradient(
        self, scores: Floats, batch: Sequence[Rows], gold: Integers
    ) -> tuple[Floats, Floats, float]:
        """Return how the loss grows with each score and each move, and the loss."""
        grid = _Grid.of(scores, batch, gold)
        steps = self._steps()
        forward, backward = self._forward(grid, steps), self._backward(grid, steps)
        whole = _log_sum(forward[grid.last] + self.moves[0])
        marginal = np.exp(forward + backward - whole[:, None, None])
        shares = np.zeros_like(scores)
        shares[grid.rows[grid.holds]] = marginal[grid.holds]
        shares[np.arange(len(gold)), gold] -= 1
        moved = self._moved(grid, forward, backward, steps, whole)
        return shares, moved, float(whole.sum()) - self._worth(grid, steps)

    def _steps(self) -> Floats:
        """Return what each label is worth behind each."""
        leave, stay = self.moves
        steps = np.where(self._stays, stay[:, None], leave[:, None])
        return np.where(self._never, _BARRED, steps).astype(np.float32)

    def _forward(self, grid: "_Grid", steps: Floats) -> Floats:
        """Return the logarithm of the worth of all paths up to each label of each token."""
        sums = np.full_like(grid.scores, _LEAST)
        sums[:, 0] = grid.scores[:, 0] + np.where(self._is_inside, _BARRED, np.float32(0))
        factors = np.exp(steps)
        for place, n in enumerate(grid.counts[1:], 1):
            sums[:n, place] = _log_product(sums[:n, place - 1], factors) + grid.scores[:n, place]
        return sums

    def _backward(self, grid: "_Grid", steps: Floats) -> Floats:
        """Return the same of all paths from behind each label on."""
        sums = np.full_like(grid.scores, _LEAST)
        sums[grid.last] = self.moves[0]
        factors = np.exp(steps).T
        for place in range(len(grid.counts) - 2, -1, -1):
            n = grid.counts[place + 1]
            following = sums[:n, place + 1] + grid.scores[:n, place + 1]
            sums[:n, place] = _log_product(following, factors)
        return sums

    def _moved(
        self, grid: "_Grid", forward: Floats, backward: Floats, steps: Floats, whole: Floats
    ) -> Floats:
        """Return how many more moves of each kind are expected than there are."""
        expected = np.zeros_like(steps)
        for place, n in enumerate(grid.counts[1:], 1):
            following = grid.scores[:n, place] + backward[:n, place] - whole[:n, None]
            former = forward[:n, place - 1]
            expected += np.exp(former[:, :, None] + steps + following[:, None, :]).sum(axis=0)
        np.add.at(expected, grid.true_steps, -1)
        at_end = np.exp(forward[grid.last] + self.moves[0] - whole[:, None]).sum(axis=0)
        np.add.at(at_end, grid.gold[grid.last], -1)
        leaving = np.where(self._is_inside, np.float32(0), expected).sum(axis=1) + at_end
        return np.stack([leaving, np.where(self._stays, expected, np.float32(0)).sum(axis=1)])

    def _worth(self, grid: "_Grid", steps: Floats) -> float:
        """Return what the true labels are worth."""
        tokens = np.take_along_axis(grid.scores, grid.gold[..., None], axis=2)[..., 0]
        ends = self.moves[0][grid.gold[grid.last]]
        return float(tokens[grid.holds].sum() + steps[grid.true_steps].sum() + ends.sum())


@dataclass(frozen=True)
class _Grid:
    """Texts side by side, the longest first: texts by places by labels."""

    scores: Floats
    gold: Integers
    rows: Rows
    holds: npt.NDArray[np.bool_]
    counts: Sequence[int]
    """How many texts reach each place."""
    last: tuple[Rows, Rows]

    @classmethod
    def of(cls, scores: Floats, batch: Sequence[Rows], gold: Integers) -> "_Grid":
        lengths = np.array([len(rows) for rows in batch])
        holds = np.arange(lengths.max()) < lengths[:, None]
        rows = np.zeros(holds.shape, np.int64)
        rows[holds] = np.concatenate(batch)
        last = np.arange(len(batch)), lengths - 1
        return cls(scores[rows], gold[rows], rows, holds, holds.sum(axis=0).tolist(), last)

    @property
    def true_steps(self) -> tuple[Integers, Integers]:
        """The labels that truly stand behind each other."""
        both = self.holds[:, 1:]
        return self.gold[:, :-1][both], self.gold[:, 1:][both]


def _log_sum(values: Floats) -> Floats:
    top = values.max(axis=-1)
    summed: Floats = np.log(np.exp(values - top[..., None]).sum(axis=-1)) + top
    return summed


def _log_product(values: Floats, factors: Floats) -> Floats:
    """Return the logarithm of the product of a matrix, given as logarithms, with factors."""
    top = values.max(axis=1, keepdims=True)
    product: Floats = np.log(np.exp(values - top) @ factors + _TINY) + top
    return product
