"""Files and folders, read piece by piece, with the place of each finding."""

import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from backend.detection.engine import Detector
from backend.detection.finding import Finding
from backend.documents.extraction import pieces
from backend.documents.piece import NotRead, Piece

LEFT_OUT: Final = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv"})


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file: lines and columns count from 1, columns in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Found:
    """A finding in a file; `begin` and `end` have column 0 where the file has no columns."""

    path: Path
    place: str
    begin: Position
    end: Position
    finding: Finding


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or the rest of one, that was not read, and why."""

    path: Path
    why: str


def files_below(paths: Iterable[Path], excluded: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files of `paths` in order; folders of version control and packages are left out."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, names, files in os.walk(path):
            names[:] = sorted(name for name in names if name not in LEFT_OUT)
            for name in sorted(files):
                file = Path(folder, name)
                if not file.is_symlink() and not _is_excluded(file, excluded):
                    yield file


def _is_excluded(path: Path, excluded: tuple[str, ...]) -> bool:
    return any(fnmatch(str(path), glob) or fnmatch(path.name, glob) for glob in excluded)


def scan_file(detector: Detector, path: Path) -> Iterator[Found | Unread]:
    """Yield what is found in one file, or why it was not read."""
    seen: set[tuple[str, Position]] = set()
    try:
        for piece in pieces(path):
            for found in _in_piece(detector, path, piece):
                mark = found.finding.rule, found.begin
                if not piece.has_columns or mark not in seen:  # pieces of texts overlap a little
                    seen.add(mark)
                    yield found
    except NotRead as problem:
        yield Unread(path, str(problem))


def _in_piece(detector: Detector, path: Path, piece: Piece) -> Iterator[Found]:
    findings = detector.detect(piece.text)
    if not findings:
        return
    starts = [0, *(n + 1 for n, letter in enumerate(piece.text) if letter == "\n")]

    def position(offset: int) -> Position:
        line = bisect_right(starts, offset)
        column = offset - starts[line - 1] + 1
        return Position(piece.line + line - 1, column if piece.has_columns else 0)

    for finding in findings:
        yield Found(path, piece.place, position(finding.start), position(finding.end), finding)
