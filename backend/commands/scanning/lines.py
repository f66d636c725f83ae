"""Texts in, findings out, a JSON line each: the contract other programs rely on."""

import contextlib
import gc
import json
import multiprocessing
import os
import select
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.pool import AsyncResult, Pool
from typing import Any, Final, TextIO

from backend.detection.engine import Detector
from backend.detection.finding import Finding
from backend.detection.rulebook import Rulebook


def scan_lines(lines: Iterable[bytes], out: TextIO, errors: TextIO, rulebook: Rulebook) -> int:
    """Answer each line at once; a bad one is named by its number, never by its text.

    Return 1 when a line could not be read; all others are answered.
    """
    answering = _Answering(out, errors)
    detector = Detector(rulebook)
    for line in lines:
        answering.write(_answers(detector, (line,)))
    return answering.exit_code


def scan_stream(source: int, out: TextIO, errors: TextIO, rulebook: Rulebook) -> int:
    """Answer the lines of a file descriptor as `scan_lines` does, in order.

    A line that comes alone is answered at once. Where many wait, all processors answer them.
    """
    answering = _Answering(out, errors)
    detector = Detector(rulebook)
    with contextlib.ExitStack() as stack:
        pool: Pool | None = None
        pending: deque[AsyncResult[list[_Answer]]] = deque()
        for batch in _batches(source, lambda: answering.write_ready(pending)):
            if len(batch) < _MANY and not pending:
                answering.write(_answers(detector, batch))
                continue
            pool = pool or stack.enter_context(_started(detector))
            pending.append(pool.apply_async(_answers_of_process, (batch,)))
            while len(pending) > _MOST_PENDING:
                answering.write(pending.popleft().get())
        while pending:
            answering.write(pending.popleft().get())
    return answering.exit_code


_MANY: Final = 8
_MOST_PENDING: Final = 16
_LARGEST_READ: Final = 1 << 18
_PATIENCE_SECONDS: Final = 0.005
_Answer = str | None
"""The line to write, "" for an empty one, None for one that cannot be read."""
_detector_of_process: list[Detector] = []


class _Answering:
    def __init__(self, out: TextIO, errors: TextIO) -> None:
        self._out = out
        self._errors = errors
        self._number = 0
        self.exit_code = 0

    def write(self, answers: Iterable[_Answer]) -> None:
        for answer in answers:
            self._number += 1
            if answer is None:
                self.exit_code = 1
                self._errors.write(
                    f'line {self._number}: not an object with "id" and "text" as strings; '
                    "it was skipped\n"
                )
            self._out.write(answer or "")
        self._out.flush()

    def write_ready(self, pending: "deque[AsyncResult[list[_Answer]]]") -> bool:
        """Write what is ready and first in line; return whether something is still to come."""
        while pending and pending[0].ready():
            self.write(pending.popleft().get())
        return bool(pending)


def _batches(source: int, has_pending: Callable[[], bool]) -> Iterator[list[bytes]]:
    """Yield the whole lines that wait, as often as there are any; look for answers in between."""
    rest = b""
    while True:
        while has_pending() and not select.select([source], [], [], _PATIENCE_SECONDS)[0]:
            pass
        content = os.read(source, _LARGEST_READ)
        *lines, rest = (rest + content).split(b"\n")
        if not content:
            if rest:
                yield [rest]
            return
        if lines:
            yield lines


def _started(detector: Detector) -> Pool:
    """Return a process for each processor; each has the detector as it is, without building it.

    What is there already is never looked at by the garbage collector again, and so never copied.
    """
    _detector_of_process[:] = [detector]
    gc.freeze()
    return multiprocessing.get_context("fork").Pool(os.cpu_count())


def _answers_of_process(lines: Sequence[bytes]) -> list[_Answer]:
    return _answers(_detector_of_process[0], lines)


def _answers(detector: Detector, lines: Sequence[bytes]) -> list[_Answer]:
    return [_answer(detector, line) for line in lines]


def _answer(detector: Detector, line: bytes) -> _Answer:
    if not line.strip():
        return ""
    submission = _submission(line)
    if submission is None:
        return None
    identity, text = submission
    found = detector.detect(text)
    findings = [shape(one) for one in (*found, *detector.alternatives(text, found))]
    return json.dumps({"id": identity, "findings": findings}) + "\n"


def _submission(line: bytes) -> tuple[str, str] | None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    identity, text = given.get("id"), given.get("text")
    return (identity, text) if isinstance(identity, str) and isinstance(text, str) else None


def shape(finding: Finding) -> dict[str, Any]:
    """Return a finding as the line format says: code points, half-open."""
    shown: dict[str, Any] = {
        "type": finding.type,
        "start": finding.start,
        "end": finding.end,
        "score": finding.confidence,
    }
    return shown | {"rule": finding.rule} if finding.category == "secret" else shown
