"""Plain-text mail over SMTP (RFC 5321), encrypted on the way unless it stays on this machine."""

import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

SECONDS: Final = 30
NO_SENDER: Final = "Quillgate <no-reply@localhost>"
"""Where no mail leaves this machine, any sender will do."""
_SCHEMES: Final = {"smtp": 587, "smtps": 465}
_OWN: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PERMANENT: Final = 500


class Undeliverable(Exception):
    """A mail that will never arrive: its address is none, or its server refuses it for good."""


class NotSent(Exception):
    """The mail server is away or refuses for now; another try may work."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail; `id` stays the same when it is sent again, so that mailboxes can tell."""

    id: str
    to: str
    subject: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in."""

    host: str
    port: int
    has_tls_from_the_start: bool
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Take `smtp://` (STARTTLS) or `smtps://user:password@host:465` apart. Raise ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("write smtps://user:password@mail.example.org:465, or smtp:// for 587")
        if (parts.username is None) != (parts.password is None):
            raise ValueError("name a user and a password, or neither")
        return cls(
            parts.hostname,
            parts.port or _SCHEMES[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
        )

    async def send(self, letter: Letter, sender: str) -> None:
        """Hand a letter in. Raise Undeliverable, or NotSent to try again later."""
        # Here and not above: a server that sends no mail starts sooner without it.
        import aiosmtplib  # noqa: PLC0415

        message = composed(letter, sender)
        is_open = self.has_tls_from_the_start or self.host in _OWN
        try:
            await aiosmtplib.send(
                message, hostname=self.host, port=self.port, timeout=SECONDS,
                username=self.user, password=self.password,
                use_tls=self.has_tls_from_the_start, start_tls=not is_open,
                tls_context=ssl.create_default_context(),
            )  # fmt: skip
        except aiosmtplib.SMTPRecipientsRefused as error:
            is_final = all(one.code >= _PERMANENT for one in error.recipients)
            raise (Undeliverable if is_final else NotSent)(type(error).__name__) from None
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise NotSent(type(error).__name__) from None


def composed(letter: Letter, sender: str) -> EmailMessage:
    """Return the message. Raise Undeliverable for an address or subject that no header holds.

    The e-mail package refuses line breaks in headers, so nothing can be added to them.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.id}@{_domain(sender)}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no automatic reply, please
        message.set_content(letter.text)
    except (MessageError, ValueError, IndexError, UnicodeError):
        raise Undeliverable from None
    return message


def said_sender(text: str) -> str:
    """Return a sender such as `Quillgate <no-reply@example.org>`. Raise ValueError."""
    message = EmailMessage(policy=SMTP)
    message["From"] = text
    addresses = message["From"].addresses
    if len(addresses) != 1 or not addresses[0].domain or not addresses[0].username:
        raise ValueError("write one address, such as Quillgate <no-reply@example.org>")
    return text


def _domain(sender: str) -> str:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    domain: str = message["From"].addresses[0].domain
    return domain
