"""Texts in, findings out, a JSON line each: the contract other programs rely on."""

import contextlib
import json
import os
import select
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO

from backend.detection.engine import Detector
from backend.detection.finding import Finding

if TYPE_CHECKING:
    from multiprocessing.pool import AsyncResult, Pool


def scan_lines(lines: Iterable[bytes], out: TextIO, errors: TextIO, detector: Detector) -> int:
    """Answer each line at once; a bad one is named by its number, never by its text.

    Return 1 when a line could not be read; all others are answered.
    """
    answering = _Answering(out, errors)
    for line in lines:
        answering.write(_answers(detector, [line]))
    return answering.exit_code


def scan_stream(source: int, out: TextIO, errors: TextIO, detector: Detector) -> int:
    """Answer the lines of a file descriptor as `scan_lines` does, in order.

    A line that comes alone is answered at once. Where many wait, all processors answer them.
    """
    answering = _Answering(out, errors)
    most_pending = _PENDING_EACH * _processors()
    with contextlib.ExitStack() as stack:
        pool: Pool | None = None
        pending: deque[AsyncResult[list[_Answer]]] = deque()
        for lines, are_many in _batches(source, lambda: answering.write_ready(pending)):
            if not are_many and not pending:
                for line in lines:
                    answering.write(_answers(detector, [line]))
                continue
            pool = pool or stack.enter_context(_started(detector))
            pending.append(pool.apply_async(_answers_of_process, (lines,)))
            while len(pending) > most_pending:
                answering.write(pending.popleft().get())
        while pending:
            answering.write(pending.popleft().get())
    return answering.exit_code


_MANY: Final = 8
_PENDING_EACH: Final = 8
_LARGEST_READ: Final = 1 << 16
"""What one process answers at a time: little, so that all of them are done at the same time."""
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


def _batches(source: int, has_pending: Callable[[], bool]) -> Iterator[tuple[list[bytes], bool]]:
    """Yield the whole lines that wait, as often as there are any; look for answers in between.

    With them goes whether there are many, or more than are read at a time.
    """
    rest: list[bytes] = []
    while True:
        while has_pending() and not select.select([source], [], [], _PATIENCE_SECONDS)[0]:
            pass
        content = os.read(source, _LARGEST_READ)
        *lines, last = content.split(b"\n")
        if lines:
            lines[0] = b"".join([*rest, lines[0]])
            rest.clear()
            yield lines, len(lines) >= _MANY or len(content) == _LARGEST_READ
        rest.append(last)
        if not content:
            break
    if any(rest):
        yield [b"".join(rest)], False


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _started(detector: Detector) -> "Pool":
    """Return a process for each processor; each has the detector as it is, without building it.

    What it would yet compile is compiled once, for all of them.
    """
    from multiprocessing import get_context  # noqa: PLC0415 -- a line alone is answered without

    detector.prepare()
    _detector_of_process[:] = [detector]
    return get_context("fork").Pool(_processors())


def _answers_of_process(lines: Sequence[bytes]) -> list[_Answer]:
    return _answers(_detector_of_process[0], lines)


def _answers(detector: Detector, lines: Sequence[bytes]) -> list[_Answer]:
    submissions = [_submission(line) for line in lines]
    found = iter(detector.detect_all([one[1] for one in submissions if one]))
    return [
        _answer(detector, *one, next(found)) if one else None if line.strip() else ""
        for one, line in zip(submissions, lines, strict=True)
    ]


def _answer(detector: Detector, identity: str, text: str, found: tuple[Finding, ...]) -> str:
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
