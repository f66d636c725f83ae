"""Connections to PostgreSQL, to be had only inside a signed scope."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from typing import Any, cast

import asyncpg
from tortoise import Tortoise
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from backend.core.away import AWAY, UNREACHABLE, outcome_unknown, unavailable
from backend.core.errors import ConfigurationError, QuillgateError, Unavailable
from backend.core.guards import GUARDS, refused
from backend.core.orm import tortoise_config
from backend.core.scope import Scope

Connection = asyncpg.Connection
CONNECT_SECONDS = 10
ACQUIRE_SECONDS = 0.25
HEALTH_SECONDS = 2
_current: ContextVar[Connection | None] = ContextVar("scoped_connection", default=None)


class NoTenantScope(QuillgateError):
    """Somebody asked for a connection outside a scope: a mistake of ours, so nothing is read."""

    code = "no-tenant-scope"


class NotCommitted(QuillgateError):
    """A failed statement was swallowed inside a scope; PostgreSQL then rolls back on COMMIT."""

    code = "not-committed"


class _ScopedConnection:
    """Hands Tortoise the connection of the scope we are in."""

    async def __aenter__(self) -> Connection:
        connection = _current.get()
        if connection is None:
            raise NoTenantScope("A query was made outside `database.scoped`; nothing was read.")
        return connection

    async def __aexit__(self, *_: object) -> None:
        """Leave the connection to the scope that owns it."""


class ScopedClient(AsyncpgDBClient):
    """Tortoise's client without a pool: it lives on the scoped connection or not at all."""

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001 -- Tortoise's signature
        """Do nothing: the pool is `Database`'s."""

    async def _close(self) -> None:
        """Do nothing: the pool is `Database`'s."""

    def acquire_connection(self) -> Any:
        """Return the scope's connection; raise NoTenantScope outside one."""
        return _ScopedConnection()

    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        """Leave PostgreSQL's errors as they are: `AWAY` tells by them what to try again."""
        return await func(self, *args, **kwargs)

    def _in_transaction(self) -> Any:
        raise NoTenantScope("A scope is the transaction: use `database.scoped`.")


async def _rolled_back(connection: Connection) -> None:
    """Leave no transaction open; every setting of ours ends with it."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


class _Orm:
    """Tortoise is one per process: set up with the first database, taken down with the last."""

    def __init__(self) -> None:
        self._users = 0

    async def take(self) -> None:
        """Set Tortoise up for one more database."""
        self._users += 1
        await Tortoise.init(config=tortoise_config(), _enable_global_fallback=True)

    async def give_back(self) -> None:
        """Take Tortoise down when nobody uses it any more."""
        self._users -= 1
        if self._users == 0:
            await Tortoise.close_connections()


_orm = _Orm()


class _Transaction(AbstractAsyncContextManager[Connection]):
    """A scope to be entered; no generator, because every request enters some."""

    __slots__ = ("_connection", "_database", "_scope", "_token")

    def __init__(self, database: "Database", scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def __aenter__(self) -> Connection:
        self._connection = await self._database.begun(self._scope)
        self._token = _current.set(self._connection)
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            if error is None:
                await self._database.ended(self._connection)
            else:
                await self._database.undone(self._connection, error)
        finally:
            _current.reset(self._token)


class Database:
    """The pool of one login role that has no right of its own."""

    def __init__(
        self,
        url: str,
        scope_key: bytes,
        pool_size: int = 10,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._scope_key = scope_key
        self._pool_size = pool_size
        self._monotonic = monotonic
        self._clock_offset: float | None = None
        self._pool: asyncpg.Pool | None = None
        self._has_orm = False

    async def open(self) -> None:
        """Connect, as often as we ever will: connecting takes longer than a request may wait.

        Raise ConfigurationError when there is no database, or the login could switch row-level
        security off.
        """
        self._pool = await self._connected()
        await self._refuse_unsafe_login()
        await _orm.take()
        self._has_orm = True

    async def _connected(self) -> asyncpg.Pool:
        try:
            return await asyncpg.create_pool(
                self._url, min_size=self._pool_size, max_size=self._pool_size, reset=_rolled_back,
                command_timeout=30, max_inactive_connection_lifetime=0, timeout=CONNECT_SECONDS,
                server_settings={"application_name": "quillgate", "tcp_keepalives_idle": "60"},
            )  # fmt: skip
        except asyncpg.InvalidPasswordError:
            raise ConfigurationError(
                "The database refused the password of the server's login. Check DATABASE_URL and "
                "MASTER_KEY: without a password in the address it is derived from that key."
            ) from None
        except UNREACHABLE as error:
            raise ConfigurationError(
                f"The database cannot be used ({type(error).__name__}). Check that it runs, that "
                f"DATABASE_URL is right, and that it has room for {self._pool_size} connections."
            ) from None

    async def _refuse_unsafe_login(self) -> None:
        async with self._acquired() as connection:
            is_strong = await connection.fetchval(
                "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            pid = await connection.fetchval("SELECT pg_backend_pid()")
            is_pooled = pid != connection.get_server_pid()
        if is_pooled:
            await self.close()
            raise ConfigurationError(
                "DATABASE_URL leads to a connection pooler, but a scope holds on one server "
                "process only. Point DATABASE_URL at PostgreSQL itself; Quillgate has its own pool."
            )
        if is_strong:
            await self.close()
            raise ConfigurationError(
                "DATABASE_URL logs in as a role that bypasses row-level security, so Quillgate "
                "will not serve with it. Run `quillgate migrate` with that login as "
                "DATABASE_OWNER_URL and serve as qg_app."
            )

    async def close(self) -> None:
        """Close every connection."""
        if self._has_orm:
            self._has_orm = False
            await _orm.give_back()
        if self._pool is not None:
            pool, self._pool = self._pool, None
            try:
                await asyncio.wait_for(pool.close(), 5)
            except AWAY:
                pool.terminate()

    def scoped(self, scope: Scope) -> AbstractAsyncContextManager[Connection]:
        """Open a transaction that sees what `scope` may see; Tortoise queries inside use it too.

        Raise Unavailable when no connection is to be had in time or PostgreSQL is away.
        """
        return _Transaction(self, scope)

    async def begun(self, scope: Scope) -> Connection:
        """Return a connection with such a transaction; `ended` or `undone` takes it back."""
        connection = await self._acquire()
        try:
            await self._begin(connection, scope)
        except BaseException as error:
            await self._left(connection, error)
            raise
        return connection

    async def _left(self, connection: Connection, error: BaseException) -> None:
        """Take back a connection whose scope never began; who left may have begun half of it."""
        try:
            if isinstance(error, asyncio.CancelledError):
                with contextlib.suppress(*AWAY):
                    await connection.execute("ROLLBACK")
        finally:
            await self._release(connection)

    async def ended(self, connection: Connection) -> None:
        """Commit."""
        try:
            await _commit(connection)
        except AWAY as error:
            raise outcome_unknown(error) from error
        except BaseException as error:
            await self._undo(connection, error)
            raise
        finally:
            await self._release(connection)

    async def undone(self, connection: Connection, error: BaseException) -> None:
        """Roll back; raise what the error means to a caller, or return where it is its own."""
        try:
            if isinstance(error, AWAY):
                raise unavailable(error) from error
            await self._undo(connection, error)
        finally:
            await self._release(connection)

    async def _undo(self, connection: Connection, error: BaseException) -> None:
        with contextlib.suppress(*AWAY):
            await connection.execute("ROLLBACK")
        self._refuse(error)

    async def _begin(self, connection: Connection, scope: Scope) -> None:
        try:
            now = await self._now(connection)
            signed = scope.signed(self._scope_key, now, connection.get_server_pid())
            # Both texts are made of role names, UUIDs, digits and hex: nothing to escape.
            await connection.execute(
                f"BEGIN; SET LOCAL ROLE {scope.role}; SET LOCAL app.scope = '{signed}'"
            )
        except AWAY as error:
            raise unavailable(error) from error

    async def _now(self, connection: Connection) -> float:
        """Return the time by PostgreSQL's clock, which judges scopes; ours may be set at any time.

        It is asked once, and again when a scope has expired that should not have.
        """
        if self._clock_offset is None:
            asked = await connection.fetchval(
                "SELECT extract(epoch FROM clock_timestamp())::float8"
            )
            self._clock_offset = asked - self._monotonic()
        return self._monotonic() + self._clock_offset

    def _refuse(self, error: BaseException) -> None:
        """Raise what a refusal of the guards means to a caller; return for every other error."""
        if isinstance(error, asyncpg.PostgresError) and error.sqlstate in GUARDS:
            raise refused(error.sqlstate, str(error)) from None
        if isinstance(error, asyncpg.InsufficientPrivilegeError) and "scope expired" in str(error):
            self._clock_offset = None
            raise unavailable(error) from error

    @contextlib.asynccontextmanager
    async def _acquired(self) -> AsyncIterator[Connection]:
        connection = await self._acquire()
        try:
            yield connection
        finally:
            await self._release(connection)

    async def _acquire(self) -> Connection:
        if self._pool is None:
            raise Unavailable("The database is not connected yet. Try again in a moment.")
        try:
            # The pool's own time limit would make a task of each acquiring.
            async with asyncio.timeout(ACQUIRE_SECONDS):
                return cast("Connection", await self._pool.acquire())
        except UNREACHABLE as error:
            raise unavailable(error) from error

    async def _release(self, connection: Connection) -> None:
        with contextlib.suppress(*AWAY):
            await cast("Any", self._pool).release(connection)

    async def is_reachable(self) -> bool:
        """Return whether a query is answered right now."""
        try:
            async with self._acquired() as connection:
                return bool(await connection.fetchval("SELECT true", timeout=HEALTH_SECONDS))
        except (Unavailable, *AWAY):
            return False


async def _commit(connection: Connection) -> None:
    """Commit, after undoing what SQL of somebody else may have set for the whole session."""
    try:
        answer = await connection.execute("RESET ALL; COMMIT")
    except asyncpg.InFailedSQLTransactionError:
        answer = await connection.execute("ROLLBACK")
    if answer != "COMMIT":
        raise NotCommitted("A statement of the transaction failed, so nothing was written.")
