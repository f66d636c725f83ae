"""Ten thousand races for one refresh token: never do two holders go on apart from each other.

Yardstick: the same number of refreshes one after the other. In a race all callers hold the same
token; whoever comes second gets the successor the first one got (an answer may be lost on the way),
so the counter moves by one. A token older than that ends the session for whoever holds it.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from backend.core.database import Database
from backend.core.scope import Scope
from backend.core.tokens import RefreshToken
from backend.services.sessions import GRACE, Sessions
from tests.factories import make_world
from tests.performance.databases import migrated

RACES, ENTRANTS, ALONE, STOLEN = 10_000, 3, 2_000, 500


class MovedClock:
    """Tells the present time, moved."""

    moved = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved


async def started(database: Database, owner: Any, sessions: Sessions, user_id: Any) -> str:
    user = await owner.fetchrow("SELECT * FROM users WHERE id = $1", user_id)
    async with database.scoped(Scope.sign_in()) as connection:
        return (await sessions.start(connection, user)).refresh_token


async def race(sessions: Sessions, token: str) -> list[str]:
    """Let several use one token at once; return what they got."""
    answers = await asyncio.gather(
        *(sessions.refresh(token) for _ in range(ENTRANTS)), return_exceptions=True
    )
    return [one.refresh_token for one in answers if not isinstance(one, BaseException)]


async def main() -> None:
    clock = MovedClock()
    async with migrated() as made:
        keys = made.keys
        owner = await asyncpg.connect(made.url.text())
        database = Database(made.login, keys.scope_key, 8)
        await database.open()
        tenant = (await make_world(owner)).first
        await owner.execute("UPDATE users SET status = 'active' WHERE id = $1", tenant.user_id)
        sessions = Sessions(database, keys, clock)
        token = await started(database, owner, sessions, tenant.user_id)
        began = time.perf_counter()
        for _ in range(ALONE):
            token = (await sessions.refresh(token)).refresh_token
        alone = (time.perf_counter() - began) / ALONE
        print(f"alone: {alone * 1000:.2f} ms a refresh")
        forks = refused = 0
        began = time.perf_counter()
        for _ in range(RACES):
            used = RefreshToken.parse(token, keys.refresh_key).counter
            got = set(await race(sessions, token))
            refused += not got
            forks += len(got) > 1 or any(
                RefreshToken.parse(one, keys.refresh_key).counter != used + 1 for one in got
            )
            token = got.pop()
        raced = (time.perf_counter() - began) / RACES
        print(
            f"{RACES:,} races of {ENTRANTS}: {forks} forks, {refused} refused; "
            f"{raced * 1000:.2f} ms a race, {raced / alone:.1f} times a refresh alone"
        )
        accepted = 0
        for _ in range(STOLEN):
            first = await started(database, owner, sessions, tenant.user_id)
            await sessions.refresh(first)
            clock.moved += GRACE + timedelta(seconds=1)
            accepted += len(await race(sessions, first))
        print(f"{STOLEN:,} races for a token already spent: {accepted} accepted")
        await database.close()
        await owner.close()
        if forks or refused or accepted:
            raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
