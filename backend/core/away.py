"""What a failure of PostgreSQL means to a caller: try again, and whether something was written."""

from typing import Final

import asyncpg
import structlog

from backend.core.errors import Unavailable

AWAY: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # cut off at the very moment we began to use it
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting up, cancelled by its operator
    asyncpg.InsufficientResourcesError,  # its disk, memory or connections are used up
    asyncpg.PostgresSystemError,  # its files cannot be read
    asyncpg.TransactionRollbackError,  # two transactions in each other's way
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, after a failover
)
UNREACHABLE: Final = (*AWAY, asyncpg.PostgresError)  # who is not let in can be told no reason
_log = structlog.get_logger(__name__)


def unavailable(error: Exception) -> Unavailable:
    """Return the error of a transaction that did not come to its end."""
    return _told(
        error,
        "The database does not answer right now, so nothing was read or written. "
        "Try again in a moment; unsent events are kept by the extension.",
    )


def outcome_unknown(error: Exception) -> Unavailable:
    """Return the error of a transaction whose commit was sent and not answered."""
    return _told(
        error,
        "The database broke off while it saved this, so it is not known whether it did. "
        "Look before you repeat it; events may be sent again, they are recorded once.",
    )


def _told(error: Exception, words: str) -> Unavailable:
    _log.warning("database_away", kind=type(error).__name__)  # its message may hold a value
    return Unavailable(words)
