"""Acknowledged entries against kept ones, while one part after the other is killed, held or cut.

The last round commits without waiting for the disk: it must lose, or the drill could not see loss.
"""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.performance.callers import Callers
from tests.performance.subject import Subject

BEFORE, HELD, BETWEEN = 1.0, 3.0, 1.5
Fault = Callable[[Subject], Awaitable[None]]


async def _server_killed(subject: Subject) -> None:
    await subject.kill_server()
    await subject.start_server()


async def _database_shut_at_once(subject: Subject) -> None:
    await subject.restart_postgres(signal.SIGQUIT)


async def _backend_killed(subject: Subject) -> None:
    os.kill((await subject.backends())[0], signal.SIGKILL)


async def _backends_held(subject: Subject) -> None:
    held = await subject.backends()
    for pid in held:
        os.kill(pid, signal.SIGSTOP)
    await asyncio.sleep(HELD)
    for pid in held:
        os.kill(pid, signal.SIGCONT)


async def _counters_locked(subject: Subject) -> None:
    """Every flusher waits, and after them every connection of the pool."""
    owner = await subject.owner()
    async with owner.transaction():
        await owner.execute(
            "LOCK TABLE tenant_counters, clients, policies IN ACCESS EXCLUSIVE MODE"
        )
        await asyncio.sleep(HELD)
    await owner.close()


async def _redis_killed(subject: Subject) -> None:
    subject.redis.kill()
    await asyncio.sleep(HELD)
    subject.start_redis()


async def _redis_held(subject: Subject) -> None:
    subject.redis.send_signal(signal.SIGSTOP)
    await asyncio.sleep(HELD)
    subject.redis.send_signal(signal.SIGCONT)


FAULTS: tuple[tuple[str, Fault, int], ...] = (
    ("kill -9 of the server", _server_killed, 6),
    ("immediate shutdown of PostgreSQL", _database_shut_at_once, 3),
    ("kill -9 of a PostgreSQL backend", _backend_killed, 4),
    ("every backend held for 3 s", _backends_held, 2),
    ("tables locked for 3 s, pool exhausted", _counters_locked, 2),
    ("kill -9 of Redis, back after 3 s", _redis_killed, 2),
    ("Redis held for 3 s", _redis_held, 2),
)


async def _round(subject: Subject, name: str, fault: Fault, times: int) -> int:
    """Let callers call while a fault happens a few times; return how many receipts were false."""
    async with Callers(subject.url, *subject.tokens()) as callers:
        for _ in range(times):
            await asyncio.sleep(BEFORE)
            await fault(subject)
            await callers.are_answered()
        await asyncio.sleep(BETWEEN)
    lost = await subject.lost(callers.receipts)
    answers = ", ".join(f"{count} x {what}" for what, count in sorted(callers.answers.items()))
    print(f"{name:40} {len(callers.receipts):>7,} acknowledged {lost:>5} lost   {answers}")
    return lost


async def _control(subject: Subject) -> None:
    """Acknowledge before the disk has it, as a careless server would."""
    owner = await subject.owner()
    await owner.execute("ALTER ROLE qg_app SET synchronous_commit = off")
    await owner.close()
    await subject.kill_server()
    await subject.start_server()
    lost = await _round(subject, "CONTROL: without waiting for the disk", _database_shut_at_once, 4)
    print("the drill sees loss" if lost else "the control lost nothing: the drill proved nothing")


async def _main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="qg-faults-"))
    folder.chmod(0o755)
    subject = Subject(folder)
    try:
        await subject.start()
        lost = [await _round(subject, *fault) for fault in FAULTS]
        complaints = subject.complaints()
        print(
            f"log: {complaints['Traceback']} tracebacks, {complaints['unexpected_error']} mistakes"
        )
        await _control(subject)
        return 1 if sum(lost) or complaints["Traceback"] else 0
    finally:
        await subject.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(_main()))
