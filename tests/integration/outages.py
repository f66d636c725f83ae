"""Ways to take the database away from the server, and to give it back."""

from typing import Any, TypeAlias

from asyncpg import Connection

from backend.services.migration import LOGIN_ROLE

Owner: TypeAlias = "Connection[Any]"


class Outages:
    """Cuts every connection of the server's login, and lets nobody in for a while."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    async def cut(self) -> None:
        """Cut every connection."""
        await self._owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", LOGIN_ROLE
        )

    async def begin(self) -> None:
        """Let nobody in any more."""
        await self._owner.execute(f"ALTER ROLE {LOGIN_ROLE} NOLOGIN")
        await self.cut()

    async def begin_reading_only(self) -> None:
        """Take no writes, as a standby does after a failover."""
        await self._owner.execute(f"ALTER ROLE {LOGIN_ROLE} SET default_transaction_read_only = on")
        await self.cut()

    async def end(self) -> None:
        """Be there again."""
        await self._owner.execute(f"ALTER ROLE {LOGIN_ROLE} LOGIN")
        await self._owner.execute(f"ALTER ROLE {LOGIN_ROLE} RESET default_transaction_read_only")
        await self.cut()
