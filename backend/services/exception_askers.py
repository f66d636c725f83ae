"""Whether the browser that asks for an exception may belong to who approves it, whomever it names.

A browser names its person without proof, so that whole fleets enrol by themselves. What can be told
is counted: an account with the approver's own address, and a code they made for this browser alone.
"""

from typing import Final

from asyncpg import Record

from backend.core.database import Connection, Database
from backend.core.errors import Forbidden
from backend.core.principal import Principal


async def own_address(database: Database, principal: Principal) -> str:
    """Return the caller's e-mail address, which another tenant's scope does not show."""
    async with database.scoped(principal.own_scope()) as connection:
        found = await connection.fetchval(
            "SELECT email FROM users WHERE id = $1", principal.user_id
        )
    return str(found or "")


async def refuse_own_browser(
    connection: Connection, principal: Principal, held: Record, address: str
) -> None:
    """Raise Forbidden to an approver who may be the asker; saying no stays open to them."""
    if await connection.fetchval(
        _MAY_BE_OWN, held["tenant_id"], held["submission_id"], held["requested_by"],
        principal.user_id, address,
    ):  # fmt: skip
        raise Forbidden(
            "The browser that asked was enrolled with a code you made for it alone, or names your "
            "own address, so somebody else has to approve. You can still reject it.",
            code="exception-own-browser",
        )


_MAY_BE_OWN: Final = """
SELECT EXISTS (SELECT FROM client_policy_violations v
        JOIN devices d ON d.tenant_id = v.tenant_id AND d.id = v.device_id
        WHERE v.tenant_id = $1 AND v.id = $2 AND d.enrolled_by = $4)
    OR EXISTS (SELECT FROM users WHERE tenant_id = $1 AND id = $3 AND lower(email) = lower($5))
"""
