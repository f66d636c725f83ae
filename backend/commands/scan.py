"""`quillgate scan`: identifiers and secrets in files, or in texts on standard input."""

import argparse
import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from backend.commands.scanning.lines import scan_lines, scan_stream
from backend.commands.scanning.readiness import ready_detector
from backend.core.errors import ConfigurationError
from backend.detection.finding import SEVERITIES

if TYPE_CHECKING:
    from backend.commands.scanning.files import Found, Unread

CLEAN, FOUND, NOT_READ = 0, 1, 3
_NEVER: Final = "never"
_FORMATS: Final = ("json", "sarif", "text")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.epilog = (
        "Exit code: 0 nothing found, 1 something found, 3 nothing found but a file was not read."
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders to scan")
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='read {"id": ..., "text": ...} lines, write {"id": ..., "findings": [...]} lines',
    )
    parser.add_argument(
        "--format", choices=_FORMATS, default="text", help="how to report (default text)"
    )
    parser.add_argument("--out", metavar="FILE", help="where to write the report (default: screen)")
    parser.add_argument(
        "--fail-on", choices=(*SEVERITIES, _NEVER), default="low",
        help="from which severity on the exit code is 1 (default low)",
    )  # fmt: skip
    parser.add_argument(
        "--rules-only", action="store_true",
        help="leave out names and addresses that only the model marks; several times as fast",
    )  # fmt: skip
    parser.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB", help="leave out such files"
    )


def run(arguments: argparse.Namespace) -> int:
    """Scan what is named. Values are never written, only where they are and what they look like."""
    if not arguments.jsonl:
        return _scan_files(arguments)
    detector = ready_detector(rules_only=arguments.rules_only)
    if hasattr(os, "fork"):
        return scan_stream(sys.stdin.fileno(), sys.stdout, sys.stderr, detector)
    return scan_lines(sys.stdin.buffer, sys.stdout, sys.stderr, detector)


def _scan_files(arguments: argparse.Namespace) -> int:
    # Here and not above: what reads files costs each start for lines a twentieth of a second.
    from backend.commands.scanning.files import Found, files_below, scan_file  # noqa: PLC0415
    from backend.commands.scanning.reports import REPORTS  # noqa: PLC0415

    if not arguments.paths:
        raise ConfigurationError("Name files or folders to scan, or use --jsonl for lines.")
    paths = _existing(arguments.paths)
    files = list(files_below(paths, tuple(arguments.exclude)))
    detector = ready_detector(rules_only=arguments.rules_only)
    found: list[Found] = []
    unread: list[Unread] = []
    for path in _with_progress(files):
        for result in scan_file(detector, path):
            if isinstance(result, Found):
                found.append(result)
            else:
                unread.append(result)
    with _output(arguments.out) as out:
        REPORTS[arguments.format](detector.rulebook, found, unread, out)
    _summarise(len(files), found, unread)
    return _exit_code(found, unread, arguments.fail_on)


def _existing(names: Iterable[str]) -> list[Path]:
    paths = [Path(name) for name in names]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise ConfigurationError(f"There is no {', '.join(missing)}. Nothing was scanned.")
    return paths


def _with_progress(files: list[Path]) -> Iterator[Path]:
    from tqdm import tqdm  # noqa: PLC0415 -- lines are read without it, a tenth of a second sooner

    yield from tqdm(files, unit="file", file=sys.stderr, disable=not sys.stderr.isatty())


@contextlib.contextmanager
def _output(name: str | None) -> Iterator[TextIO]:
    if name is None:
        yield sys.stdout
        return
    try:
        with Path(name).open("w", encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise ConfigurationError(f"The report cannot be written to {name}: {error}.") from None


def _summarise(count: int, found: "list[Found]", unread: "list[Unread]") -> None:
    files = len({one.path for one in found})
    print(
        f"{count} files scanned: {len(found)} findings in {files}; {len(unread)} not read.",
        file=sys.stderr,
    )


def _exit_code(found: "list[Found]", unread: "list[Unread]", fail_on: str) -> int:
    least = len(SEVERITIES) if fail_on == _NEVER else SEVERITIES.index(fail_on)
    if any(SEVERITIES.index(one.finding.severity) >= least for one in found):
        return FOUND
    return NOT_READ if unread and fail_on != _NEVER else CLEAN
