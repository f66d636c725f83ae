"""Real sentences with names marked, out of files in CoNLL columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

LABELS: Final[Mapping[str, str]] = {
    "PER": "PER", "person": "PER", "LOC": "LOC", "location": "LOC", "ORG": "ORG",
    "corporation": "ORG", "group": "ORG",
}  # fmt: skip
"""What the corpora call what; everything else is nothing."""
_ROLES: Final = frozenset({"borrower", "lender", "bank", "guarantor", "agent", "company"})
"""Parties of a contract, which one corpus calls persons."""
_NO_SPACE_BEFORE: Final = re.compile(r"[.,:;!?%)\]}]|'(?:s|S|re|ve|ll|d|m|t)?|n't")
_NO_SPACE_BEHIND: Final = frozenset("([{$#@")

Span = tuple[int, int, str]


class Sentence(NamedTuple):
    """A text and what is marked in it: start, end and label, in code points, half-open."""

    text: str
    spans: tuple[Span, ...]


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a file whose lines are a token and its tag, in IOB or IOB2."""
    rows: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        columns = line.split()
        if len(columns) >= 2 and not line.startswith("-DOCSTART-"):
            rows.append((columns[0], columns[-1]))
        elif rows:
            yield _sentence(rows)
            rows = []
    if rows:
        yield _sentence(rows)


def _sentence(rows: Sequence[tuple[str, str]]) -> Sentence:
    text, spans, open_label = "", list[Span](), ""
    was_handle = False
    for token, tag in rows:
        is_glued = not text or _NO_SPACE_BEFORE.fullmatch(token) or text[-1] in _NO_SPACE_BEHIND
        start = len(text) + (0 if is_glued else 1)
        text += token if is_glued else f" {token}"
        label = LABELS.get(tag[2:], "")
        is_handle = token.startswith("@") or (was_handle and tag.startswith("I-"))
        if is_handle or text[max(start - 1, 0)] == "@" or token.lower() in _ROLES:
            label = ""
        if label and tag.startswith("I-") and label == open_label:
            spans[-1] = (spans[-1][0], len(text), label)
        elif label:
            spans.append((start, len(text), label))
        open_label, was_handle = label, is_handle
    return Sentence(text, tuple(spans))
