"""The model as it lies in a file: whole numbers, lists of words, and what its marks are worth."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from backend.detection.digest import digest_of
from backend.detection.model.lists import WordLists

Worth = npt.NDArray[np.int16]
"""What labels are worth more than nothing."""
Grades = Mapping[str, Sequence[tuple[int, int]]]
"""For each sort of span the margins from which on it is so many thousandths sure."""
FORMAT: Final = 2
NAMED: Final = 530
"""From so many thousandths on somebody is surely named."""
_PERSON: Final = "PER"
ZERO: Final = ord("?")
"""A weight is written as the ASCII character that stands so far from this one."""
DEFAULT_PATH: Final = Path(__file__).parents[3] / "shared-rules" / "model.json"


@dataclass(frozen=True, slots=True)
class Model:
    """Everything the tagger knows.

    `labels` are in the order of the scores, the first for nothing, then begin and inside of each
    sort of span. `weights` has a row for each bucket: by how much the labels behind the first are
    worth more than it; all that a token is given stays within 16 bits. `leave` is what it is worth
    to leave nothing, `moves` for each sort to leave its begin, to leave its inside, to go on from
    its begin, and from its inside; all in units of which the file's `unit` are one nat. What is
    worth less by more than the `sure` of its sort is not followed. `sureness` says how sure its
    margin makes a span, `beside` how sure it does in a text in which somebody is surely named.
    """

    version: str
    labels: Sequence[str]
    weights: Worth
    leave: int
    moves: tuple[Sequence[int], ...]
    sure: Sequence[int]
    lists: WordLists
    sorts: Mapping[str, int]
    sureness: Grades
    beside: Grades

    @property
    def spans(self) -> Sequence[str]:
        """The sorts of spans, in the order of their labels."""
        return [label[2:] for label in self.labels[1::2]]

    def gains(self, worth: Worth) -> tuple[Worth, Worth]:
        """Return by how much a begin, and an inside, of each sort beats nothing at each token."""
        gains = worth - np.int16(self.leave)
        return gains[:, ::2], gains[:, 1::2]

    def sureness_of(self, marked: Sequence[tuple[str, int]]) -> list[float]:
        """Return how sure the model is of the spans of a text, by their sorts and margins.

        Where somebody is surely named others are believed sooner.
        """
        sure = [_reached(self.sureness, *one) for one in marked]
        people = [one for one, (sort, _) in zip(sure, marked, strict=True) if sort == _PERSON]
        if max(people, default=0) >= NAMED:
            sure = list(map(max, sure, (_reached(self.beside, *one) for one in marked)))
        return [one / 1000 for one in sure]

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> "Model":
        """Read a model's file. Raise ValueError where it is of another format."""
        return cls.parse(path.read_bytes())

    @classmethod
    def parse(cls, content: bytes) -> "Model":
        """Read a model. Raise ValueError where it is of another format."""
        said: dict[str, Any] = json.loads(content)
        if said.get("format") != FORMAT:
            raise ValueError(f"this model has format {said.get('format')}, not {FORMAT}")
        labels = said["labels"]
        weights = np.frombuffer(said["weights"].encode("ascii"), np.uint8).astype(np.int16) - ZERO
        weights = weights.reshape(-1, len(labels))
        return cls(
            version=digest_of(content),
            labels=labels,
            weights=weights[:, 1:] - weights[:, :1],
            leave=said["moves"][0][0],
            moves=tuple(row[first::2] for row in said["moves"] for first in (1, 2)),
            sure=said["sure"],
            lists=WordLists(base64.b64decode(said["lists"])),
            sorts={
                word: number
                for number, words in enumerate(said["sorts"], 1)
                for word in words.split(" ")
            },
            sureness=said["sureness"],
            beside=said["beside"],
        )


def _reached(grades: Grades, sort: str, margin: int) -> int:
    return max((sure for least, sure in grades.get(sort, ()) if margin >= least), default=0)
