"""What the database's own guards refuse, in words: see migrations/sql, `ERRCODE = 'QG...'`."""

from typing import Final

from backend.core.errors import Forbidden

LOCKED: Final = "QG001"
HALTED: Final = "QG002"
GUARDS: Final = frozenset({LOCKED, HALTED})


def refused(sqlstate: str, message: str) -> Forbidden:
    """Return the error of a guard; `message` is a constant of ours or the state of a tenant."""
    if sqlstate == LOCKED:
        return Forbidden(
            "This client has closed its lockbox, so its service provider cannot look in. Ask an "
            "administrator of the client to open it, for a time or for good.",
            code="client-locked",
        )
    state = message if message in {"suspended", "archived", "offboarded"} else "suspended"
    return Forbidden(
        f"This client or its service provider is {state}: everything can be read, nothing can be "
        "changed. Ask the service provider to reactivate it.",
        code=f"client-{state}",
    )
