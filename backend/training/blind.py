"""Prompts written by somebody who had seen neither templates nor rules, to measure both by.

They lie in `blind`, in files named after their language, one a line: what it is about, a tab, and
the text with marks such as `[[PER:Ann Lee]]`. Every other one was read when misses were looked
into. The others never were: they say what may be expected of prompts that nobody has seen.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from backend.training.corpora import Span

FOLDER: Final = Path(__file__).parent / "blind"
_MARK: Final = re.compile(r"\[\[([A-Z][A-Z0-9_]*):(.*?)\]\]", re.DOTALL)


class BlindPrompt(NamedTuple):
    """A text and what is marked in it.

    `about` is `PHI` where somebody and their health are spoken of, `PII` where somebody or a place
    is, `NO` where neither is, however it may look.
    """

    language: str
    about: str
    text: str
    spans: tuple[Span, ...]
    was_read: bool


def blind_prompts() -> Iterator[BlindPrompt]:
    """Yield all of them, language by language."""
    for path in sorted(FOLDER.glob("*.txt")):
        language, _, _ = path.stem.partition("-")
        yield from prompts_of(path, language)


def prompts_of(path: Path, language: str) -> Iterator[BlindPrompt]:
    """Yield those of one file."""
    for number, line in enumerate(path.read_text(encoding="utf-8").rstrip("\n").split("\n")):
        about, _, marked = line.partition("\t")
        text, spans = _unmarked(marked.replace("\\n", "\n"))
        yield BlindPrompt(language, about, text, spans, number % 2 == 0)


def _unmarked(marked: str) -> tuple[str, tuple[Span, ...]]:
    text, spans, last = "", list[Span](), 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        last = mark.end()
    return text + marked[last:], tuple(spans)
