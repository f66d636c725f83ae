"""Sending: over real SMTP, each mail by one of many, again when it fails, and not for ever."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from asyncpg import Connection

from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.mailing import SmtpServer
from backend.core.scope import Scope
from backend.services.mail_clearing import MailClearing
from backend.services.mail_delivery import MOST_TRIES, MailDelivery
from backend.services.mails import Mails, Recipient
from tests.conftest import free_port
from tests.integration.policy.worlds import Client

SENDER = "Quillgate <no-reply@example.org>"


class Mailbox:
    """What a mail server was given; it refuses whoever is called `gone`."""

    def __init__(self) -> None:
        self.letters: list[str] = []

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, to: str, _: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if to.startswith("gone@"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- the same
        self.letters.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, SmtpServer]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, SmtpServer.parse(f"smtp://127.0.0.1:{port}")
    controller.stop()


@pytest.fixture
async def write(database: Database, mails: Mails, client: Client, owner: Any) -> Any:
    await owner.execute(
        "UPDATE mails SET given_up_at = now() WHERE sent_at IS NULL AND given_up_at IS NULL"
    )

    async def written(name: str, holds: timedelta = timedelta(hours=1)) -> None:
        async with database.scoped(Scope.sign_in()) as connection:
            to = Recipient(
                client.id, client.msp_id, client.admin_id, f"{name}@clinic.example", "Ann"
            )
            await mails.write(connection, to, "password_changed", "en", {}, holds)

    return written


async def rows_of(owner: "Connection[Any]", user_id: UUID) -> list[Any]:
    return await owner.fetch("SELECT * FROM mails WHERE user_id = $1 ORDER BY id", user_id)


async def test_of_many_processes_one_sends_each_mail_and_then_nobody_can_read_it(
    database: Database, mails: Mails, mailbox: tuple[Mailbox, SmtpServer], write: Any,
    owner: "Connection[Any]", client: Client,
) -> None:  # fmt: skip
    box, server = mailbox
    for number in range(12):
        await write(f"person{number}")
    processes = [MailDelivery(database, mails, server, SENDER) for _ in range(3)]
    await asyncio.gather(*(process.send_waiting() for process in processes))
    assert len(box.letters) == 12
    assert {f"To: person{number}@clinic.example" for number in range(12)} == {
        line for letter in box.letters for line in letter.splitlines() if line.startswith("To:")
    }
    rows = await rows_of(owner, client.admin_id)
    assert all(row["sent_at"] and row["sealed"] is None for row in rows)


async def test_a_server_that_is_away_is_tried_again_later_and_not_for_ever(
    database: Database, mails: Mails, write: Any, owner: "Connection[Any]", client: Client
) -> None:
    nobody = MailDelivery(
        database, mails, SmtpServer.parse(f"smtp://127.0.0.1:{free_port()}"), SENDER
    )
    await write("ann")
    assert (await nobody.send_waiting(), await nobody.send_waiting()) == (1, 0)
    (row,) = await rows_of(owner, client.admin_id)
    assert (row["attempts"], row["sent_at"]) == (1, None)
    assert row["next_try_at"] > row["created_at"] + timedelta(seconds=25)
    await owner.execute(
        "UPDATE mails SET next_try_at = now(), attempts = $2 WHERE id = $1",
        row["id"],
        MOST_TRIES - 1,
    )
    await nobody.send_waiting()
    (row,) = await rows_of(owner, client.admin_id)
    assert row["given_up_at"]
    assert row["sealed"] is None


async def test_a_mailbox_that_is_gone_and_a_mail_that_came_too_late_are_given_up_at_once(
    database: Database, mails: Mails, mailbox: tuple[Mailbox, SmtpServer], write: Any,
    owner: "Connection[Any]", client: Client,
) -> None:  # fmt: skip
    box, server = mailbox
    await write("gone")
    await write("late", timedelta(seconds=-1))
    await MailDelivery(database, mails, server, SENDER).send_waiting()
    rows = await rows_of(owner, client.admin_id)
    assert box.letters == []
    assert all(row["given_up_at"] and row["sealed"] is None for row in rows)


async def test_what_is_left_of_old_mails_and_dead_links_goes_and_the_rest_stays(
    database: Database, write: Any, owner: "Connection[Any]", client: Client
) -> None:
    async def link(hash_byte: int, **when: int) -> None:
        """Write a link with moments given as days from now."""
        await owner.execute(
            "INSERT INTO one_use_links (tenant_id, id, msp_id, user_id, purpose, token_hash,"
            " expires_at, used_at) VALUES ($1, $2, $3, $4, 'invitation', $5,"
            " now() + make_interval(days => $6), now() + make_interval(days => $7::int))",
            client.id, uuid7(), client.msp_id, client.admin_id, bytes([hash_byte]) * 32,
            when["expires"], when.get("used"),
        )  # fmt: skip

    for name in ("old", "lost", "fresh", "waiting"):
        await write(name)
    ids = [row["id"] for row in await rows_of(owner, client.admin_id)]
    for column, row_id, days in (("sent", 0, 31), ("given_up", 1, 31), ("sent", 2, 29)):
        await owner.execute(
            f"UPDATE mails SET {column}_at = now() - make_interval(days => $2) WHERE id = $1",
            ids[row_id], days,
        )  # fmt: skip
    await write("reminder")
    ids = [row["id"] for row in await rows_of(owner, client.admin_id)]
    await owner.execute(
        "UPDATE mails SET kind = 'review_due', sent_at = now() - interval '31 days',"
        " expires_at = now() + interval '1 hour' WHERE id = $1", ids[4],
    )  # fmt: skip
    await link(1, expires=-31)
    await link(2, expires=5, used=-31)
    await link(3, expires=-29)
    await link(4, expires=5)
    assert await MailClearing(database, 30).clear() >= 4
    assert [row["id"] for row in await rows_of(owner, client.admin_id)] == ids[2:]
    left = await owner.fetch(
        "SELECT token_hash FROM one_use_links WHERE user_id = $1 ORDER BY 1", client.admin_id
    )
    assert [row[0][0] for row in left] == [3, 4]
