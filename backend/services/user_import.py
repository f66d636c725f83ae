"""People of a client from a CSV file: first tried, then invited, with a verdict for every line."""

import contextlib
import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.database import Connection, Database
from backend.core.errors import InvalidInput, QuillgateError
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client
from backend.services.csv_text import csv_text, plain_cell
from backend.services.fresh_factors import FreshFactors
from backend.services.granting import gives_rights, refuse_role
from backend.services.user_administration import Inviter, NewUser, write_invited
from backend.services.wording import said_email

MOST_LINES: Final = 2000
BATCH: Final = 50
COLUMNS: Final = ("email", "display_name", "role", "groups")
_NEEDED: Final = frozenset({"email", "display_name"})


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What became, or would become, of one line; the header is line 1."""

    line: int
    email: str
    verdict: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """Lines that could be read, and the scope they are written in."""

    client_id: UUID
    scope: Scope
    lines: tuple[Mapping[str, str], ...]


class _TriedError(Exception):
    """Leaves a transaction by rolling it back."""


class UserImport:
    """Imports and exports people as CSV."""

    def __init__(self, database: Database, inviter: Inviter, fresh_factors: FreshFactors) -> None:
        self._database = database
        self._inviter = inviter
        self._fresh_factors = fresh_factors
        self._administering = Administering(database)

    async def prepare(
        self, principal: Principal, client_id: UUID, text: str, *, is_trial: bool
    ) -> PreparedImport:
        """Read a file. Raise NotFound, or InvalidInput for a file that is not what it should be.

        Raise StepUpRequired where it shall be done and gives somebody rights over others.
        """
        principal.require("user:write")
        lines = _lines(text)
        if not is_trial and any(_gives_rights(line) for line in lines):
            self._fresh_factors.require(principal)
        scope = await self._administering.of_client(principal, client_id)
        async with self._database.scoped(scope) as connection:
            if not await connection.fetchval("SELECT count(*) FROM clients"):
                raise absent_client()
        return PreparedImport(client_id, scope, lines)

    async def run(
        self, principal: Principal, prepared: PreparedImport, *, is_trial: bool
    ) -> AsyncIterator[LineVerdict]:
        """Yield a verdict for every line as it is done; a trial writes nothing.

        Lines are committed in small batches: what was said to be created is, whatever happens to
        the rest. One bad line does not keep out its neighbours.
        """
        seen: set[str] = set()
        for start in range(0, len(prepared.lines), BATCH):
            batch = prepared.lines[start : start + BATCH]
            verdicts: list[LineVerdict] = []
            with contextlib.suppress(_TriedError):
                async with self._database.scoped(prepared.scope) as connection:
                    groups = await _groups(connection)
                    for number, line in enumerate(batch, start=start + 2):
                        verdict = await self._one(
                            connection, principal, prepared, (number, line, groups), seen
                        )
                        verdicts.append(verdict)
                    _undo_trial(is_trial=is_trial)
            for verdict in verdicts:
                yield verdict

    async def _one(
        self,
        connection: Connection,
        principal: Principal,
        prepared: PreparedImport,
        given: tuple[int, Mapping[str, str], Mapping[str, UUID]],
        seen: set[str],
    ) -> LineVerdict:
        number, line, groups = given
        email = line["email"].strip()
        try:
            wanted = _wanted(principal, prepared.client_id, line, groups)
            email = said_email(wanted.email)
            if email in seen:
                raise InvalidInput("This address stands on a line before; each person comes once.")
            seen.add(email)
            await write_invited(connection, principal, wanted, prepared.scope, self._inviter)
        except QuillgateError as error:
            return LineVerdict(number, email[:254], "refused", error.message)
        return LineVerdict(number, email, "created")

    async def exported(self, principal: Principal, client_id: UUID) -> str:
        """Return a client's people as CSV; that it was taken stays in the trail. Raise NotFound."""
        principal.require("user:export")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            msp_id = await connection.fetchval("SELECT msp_id FROM clients")
            rows = await connection.fetch(_PEOPLE)
        if msp_id is None:
            raise absent_client()
        # The event is the system's, so that a suspended client can still be read.
        async with self._database.scoped(Scope.tenant(client_id, msp_id)) as connection:
            await AdminTrail.record(
                connection, principal, "user.export", Subject("client", client_id), people=len(rows)
            )
        return csv_text((*COLUMNS, "status"), (tuple(row) for row in rows))


def _undo_trial(*, is_trial: bool) -> None:
    """Raise what rolls a trial's transaction back."""
    if is_trial:
        raise _TriedError


def _role(line: Mapping[str, str]) -> Role:
    word = line.get("role", "").strip().lower().replace(" ", "_") or Role.END_USER
    try:
        return Role(word)
    except ValueError:
        raise InvalidInput("There is no such role; leave it empty for an end user.") from None


def _gives_rights(line: Mapping[str, str]) -> bool:
    try:
        return gives_rights(_role(line))
    except InvalidInput:
        return False


def _wanted(
    principal: Principal, client_id: UUID, line: Mapping[str, str], groups: Mapping[str, UUID]
) -> NewUser:
    role = _role(line)
    refuse_role(principal, role, is_of_client=True)
    names = [name.strip() for name in line.get("groups", "").split(";") if name.strip()]
    unknown = [name for name in names if name not in groups]
    if unknown:
        raise InvalidInput("A group of this line does not exist. Make it first, or leave it out.")
    return NewUser(
        line["email"], line["display_name"], role, client_id,
        groups=tuple(groups[name] for name in names),
    )  # fmt: skip


def _lines(text: str) -> tuple[Mapping[str, str], ...]:
    """Return the lines of a CSV file (RFC 4180) by column. Raise InvalidInput."""
    if "\0" in text:
        raise InvalidInput("The file holds a NUL character. Save it as CSV in UTF-8.")
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error:
        raise InvalidInput(
            "The file is not CSV: a quotation mark is not closed. Save it as CSV in UTF-8.",
            code="import-unreadable",
        ) from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not set(header) >= _NEEDED or set(header) - {*COLUMNS, "status"} or _twice(header):
        raise InvalidInput(
            f"The first line names the columns: {', '.join(COLUMNS)}. E-mail and display_name "
            "must be there, nothing else may be. Nothing was imported.",
            code="import-columns",
        )
    if len(rows) - 1 > MOST_LINES or any(len(row) != len(header) for row in rows):
        raise InvalidInput(
            f"A file has at most {MOST_LINES} people, and as many cells in each line as in the "
            "first. Nothing was imported.",
            code="import-shape",
        )
    return tuple(dict(zip(header, map(plain_cell, row), strict=True)) for row in rows[1:])


def _twice(header: Sequence[str]) -> bool:
    return len(set(header)) != len(header)


async def _groups(connection: Connection) -> dict[str, UUID]:
    rows = await connection.fetch("SELECT name, id FROM groups")
    return {row["name"]: row["id"] for row in rows}


_PEOPLE: Final = """
SELECT u.email, u.display_name, u.role, coalesce((
        SELECT string_agg(g.name, ';' ORDER BY g.name) FROM group_members m
        JOIN groups g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
        WHERE m.tenant_id = u.tenant_id AND m.user_id = u.id), '') AS groups,
    u.status
FROM users u ORDER BY u.email, u.id
"""
