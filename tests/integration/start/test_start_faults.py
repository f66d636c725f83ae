"""What stops a start is told in one line, at whatever moment, and nothing is damaged."""

import asyncio
import base64
import shutil
import signal
from pathlib import Path

import pytest

from backend.core.directory_lock import DirectoryLock
from backend.core.errors import ConfigurationError
from tests.conftest import free_port
from tests.integration.start.test_start import refused, started, stopped

INTERRUPTS_AN_IMPORT = """
import signal, sys

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background may ignore it

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "asyncpg":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
"""


async def test_an_interrupt_while_programs_are_loaded_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(INTERRUPTS_AN_IMPORT)
    process = await started("up", "--data", str(tmp_path / "data"), PYTHONPATH=str(tmp_path))
    words, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"Traceback" not in words
    assert process.returncode == 128 + signal.SIGINT, words
    assert not (tmp_path / "data").exists()


async def test_a_signal_is_answered_at_once_also_before_it_serves(server_folder: Path) -> None:
    data = str(server_folder / "early")
    process = await started("up", "--port", str(free_port()), "--data", data, "--no-demo")
    assert process.stdout is not None
    assert b"Starting PostgreSQL" in await process.stdout.readline()
    code, words = await stopped(process, signal.SIGINT)
    assert code == 0
    assert words.startswith("Stopping ...")
    assert words.strip().endswith("starts again.")
    assert "Ready." not in words


async def test_a_lost_master_key_stops_the_start_instead_of_a_new_one_cutting_browsers_off(
    server_folder: Path,
) -> None:
    data = server_folder / "keyless"
    first = await started("migrate", "--data", str(data))
    await first.communicate()
    assert first.returncode == 0
    (data / "secrets.json").unlink()
    line = await refused("up", "--port", str(free_port()), "--data", str(data))
    assert "secrets.json" in line
    assert "MASTER_KEY" in line
    assert not (data / "secrets.json").exists()


async def test_other_files_where_the_extension_belongs_are_left_and_named(
    server_folder: Path,
) -> None:
    data = server_folder / "occupied"
    (data / "extension").mkdir(parents=True)
    (data / "extension" / "mine.txt").write_text("kept")
    line = await refused("up", "--port", str(free_port()), "--data", str(data), "--no-demo")
    assert str(data / "extension") in line
    assert "--out" not in line, "`up` has no such option"
    assert (data / "extension" / "mine.txt").read_text() == "kept"


async def test_a_server_without_its_database_says_so_in_one_line() -> None:
    line = await refused(
        "serve", "--port", str(free_port()),
        DATABASE_URL="postgresql://qg_app:x@127.0.0.1:1/d",
        MASTER_KEY=base64.b64encode(b"m" * 32).decode(),
    )  # fmt: skip
    assert "DATABASE_URL" in line


def test_a_directory_that_cannot_be_locked_is_told_apart_from_one_in_use(tmp_path: Path) -> None:
    (tmp_path / "in-use.lock").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be written"):
        DirectoryLock(tmp_path).take()
    shutil.rmtree(tmp_path / "in-use.lock")
    DirectoryLock(tmp_path).take()
