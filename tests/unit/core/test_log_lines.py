"""Log lines are JSON and never hold what a library was given."""

import asyncio
import gc
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from backend.core import logging as our_logging

Read = Callable[[], list[dict[str, Any]]]
CANARY = "canary-7f3a"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Read]:
    """Configure logging onto the captured stream; read its lines."""
    our_logging.configure("info")
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    logging.basicConfig(handlers=[logging.NullHandler()], force=True)


def test_our_events_are_json_with_time_and_level(lines: Read) -> None:
    structlog.get_logger("test").info("started", port=8080)
    (line,) = lines()
    assert (line["event"], line["level"], line["port"]) == ("started", "info", 8080)
    assert line["timestamp"].endswith("Z")


def test_a_librarys_arguments_and_errors_are_left_out(lines: Read) -> None:
    try:
        int(CANARY)
    except ValueError:
        logging.getLogger("library").exception("could not read %s", CANARY)
    (line,) = lines()
    assert (line["template"], line["kind"]) == ("could not read %s", "ValueError")
    assert CANARY not in json.dumps(line)


def test_a_library_that_chats_is_not_heard(lines: Read) -> None:
    logging.getLogger("library").info("request %s", CANARY)
    assert lines() == []


async def test_what_a_library_wrote_into_its_message_is_cut_off_behind_the_first_line(
    lines: Read,
) -> None:
    """Asyncio shows an exception that nobody asked for, text and all, in the lines below."""

    async def fail() -> None:
        raise ValueError(CANARY)

    task = asyncio.create_task(fail())
    await asyncio.wait([task])
    del task
    gc.collect()
    told = lines()  # tasks of tests before may be told of too, as they are collected now
    assert "Task exception was never retrieved" in [line.get("template") for line in told]
    assert CANARY not in json.dumps(told)
