"""Puts together values that were split: digits with signs between them, lines broken inside."""

import re
import string
from collections.abc import Iterator
from itertools import islice
from typing import Final

from backend.detection.linear import Linear
from backend.detection.views import Edit, Span, View, rewritten

LEAST_DIGITS: Final = 9
_NOISE: Final = "\n\t\r .,*_'\"`|~/:;()[]-"
_ONLY_DIGITS: Final = bytes(ord("0" if byte in b"0123456789" else " ") for byte in range(256))
_LONG_RUN: Final = b"0" * LEAST_DIGITS
# The same sign between all pieces: "4, 1, 1, 1" is one value, "4, 1; 7 and 2" is not.
_RUN: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{1,6}"
    r"(?:(?P<sign>[\n\t\r .,*_'\"`|~/:;()\[\]-]{1,6})[0-9]{1,6}(?:(?P=sign)[0-9]{1,6}){1,40})"
    r"(?![0-9A-Za-z])"
)
# Every run lies inside such a place, and only there is the dearer pattern tried. It begins with
# what stands before a run, and ends with what stands behind one.
_PLACE: Final = Linear(
    rf"[^0-9A-Za-z][0-9](?:[{re.escape(_NOISE)}]*[0-9]){{{LEAST_DIGITS - 1},}}[^0-9A-Za-z]"
)
# Four numbers with dots are where a machine is (RFC 791), not a value somebody split.
_ADDRESS: Final = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})(?:\.|\Z)){4}")
_BREAK: Final = re.compile(r"\n[ \t]{0,3}(?=[A-Za-z0-9+/=_.-])")
_PIECE: Final = string.ascii_letters + string.digits + "+/=_.-"
_PIECES: Final = frozenset(_PIECE)
_MOST_SPACES: Final = 3
_LONGEST_PIECE: Final = 128
_LEAST_TOKEN: Final = 8
_HAS_DIGIT: Final = re.compile(r"[0-9]")
# A digit in the last piece of a line and in the first of the next, which any break needs.
_BROKEN: Final = Linear(r"[0-9][A-Za-z+/=_.-]*[ \t]*\r?\n[ \t]*[A-Za-z+/=_.-]*[0-9]")
_BROKEN_BESIDE_A_SIGN: Final = Linear(
    r"[0-9](?:[A-Za-z+/=_.-]+[ \t]*\r?\n[ \t]*[A-Za-z+/=_.-]*"
    r"|[ \t]*\r?\n[ \t]*[A-Za-z+/=_.-]+)[0-9]"
)
_BETWEEN_DIGITS: Final = Linear(r"[0-9][ \t]{0,3}\r?\n[ \t]{0,3}[0-9]")
_MOST_BREAKS: Final = 12
"""More breaks than that are the lines of a log or a list, not a value somebody split."""
_MOST_BETWEEN_DIGITS: Final = 8
"""A text with more breaks between digits is a table, not a value somebody split."""


def joined(view: View) -> View | None:
    """Return `view` with split digits put together, None when there are none."""
    flat = view.text.encode("ascii", "replace")
    if not _has_long_run(flat):
        return None
    edits: list[Edit] = []
    regions: list[Span] = []
    for run in _runs(view.text, flat):
        sign = run["sign"]
        pieces = run[0].split(sign)
        is_address = sign == "." and _ADDRESS.fullmatch(run[0])
        if is_address or sum(map(len, pieces)) < LEAST_DIGITS:
            continue
        regions.append(run.span())
        end, width = run.start(), len(sign)
        for piece in pieces[:-1]:
            start = end + len(piece)
            end = start + width
            edits.append((start, end, ""))
    return rewritten(view, edits, regions, is_joined=True) if edits else None


def _runs(text: str, flat: bytes) -> Iterator["re.Match[str]"]:
    spaced = b" " + flat + b" "
    start, end = _PLACE.groups(spaced)[0]
    while start >= 0:
        yield from _RUN.finditer(text, start, end - 1)
        start, end = _PLACE.groups(spaced, end - 1)[0]


def unbroken(view: View) -> View | None:
    """Return `view` without line breaks inside what could be one value, None when there are none.

    Those are breaks between two digits, unless there are many, and between pieces that both have
    a digit, and eight characters together.
    """
    if "\n" not in view.text:
        return None
    flat = view.text.encode("ascii", "replace")
    edits: list[Edit] = []
    regions: list[Span] = []
    for start, end, region in _breaks(view.text, flat):
        if len(edits) == _MOST_BREAKS:
            return None
        edits.append((start, end, " " if " " in view.text[start:end] else ""))
        if regions and regions[-1][1] > region[0]:
            regions[-1] = regions[-1][0], region[1]
        else:
            regions.append(region)
    return rewritten(view, edits, regions, is_joined=True) if edits else None


def _breaks(text: str, flat: bytes) -> Iterator[tuple[int, int, Span]]:
    for newline in _newlines(flat):
        found = _BREAK.match(text, newline)
        if found is None:
            continue
        start, end = _before(text, newline), found.end()
        if start == 0 or text[start - 1] not in _PIECES:
            continue
        before = text[max(0, start - _LONGEST_PIECE) : start]
        before = before[len(before.rstrip(_PIECE)) :]
        after = text[end : end + _LONGEST_PIECE]
        after = after[: len(after) - len(after.lstrip(_PIECE))]
        is_between_digits = before[-1].isdigit() and after[0].isdigit()
        is_value = len(before + after) >= _LEAST_TOKEN and _have_digits(before, after)
        if is_between_digits or is_value:
            yield start, end, (start - len(before), end + len(after))


def _newlines(flat: bytes) -> Iterator[int]:
    """Yield the line breaks that may be inside a value; those between digits not of a table."""
    broken = _BROKEN
    start, end = broken.groups(flat)[0]
    if start >= 0 and _is_table(flat):
        broken = _BROKEN_BESIDE_A_SIGN
        start, end = broken.groups(flat)[0]
    while start >= 0:
        newline = flat.find(b"\n", start, end)
        yield newline
        start, end = broken.groups(flat, newline + 1)[0]


def _is_table(flat: bytes) -> bool:
    breaks = islice(_BETWEEN_DIGITS.spans(flat), _MOST_BETWEEN_DIGITS + 1)
    return sum(1 for _ in breaks) > _MOST_BETWEEN_DIGITS


def _have_digits(before: str, after: str) -> bool:
    return _HAS_DIGIT.search(before) is not None and _HAS_DIGIT.search(after) is not None


def _before(text: str, newline: int) -> int:
    """Return where the white space before a line break begins, as far as a value may have it."""
    start = newline - 1 if newline and text[newline - 1] == "\r" else newline
    spaces = text[max(0, start - _MOST_SPACES) : start]
    return start - len(spaces) + len(spaces.rstrip(" \t"))


def _has_long_run(flat: bytes) -> bool:
    return _LONG_RUN in flat.translate(_ONLY_DIGITS, delete=_NOISE.encode())
