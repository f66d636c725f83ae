"""Mail over TLS: a wrong certificate is refused, and no password is told."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from backend.core.mailing import Letter, NotSent, SmtpServer
from tests.certificates import Authority
from tests.conftest import free_port

# Not one of the names that need no encryption, and yet this machine.
ADDRESS, SENDER = "127.0.0.2", "Quillgate <no-reply@example.org>"
USER, PASSWORD = "quillgate", "correct-horse-battery"
LETTER = Letter("01", "ann@example.org", "Hello", "Text\n", datetime(2026, 11, 20, tzinfo=UTC))


class PostOffice:
    """Takes mail of whoever knows the password, and remembers what it was given."""

    def __init__(self) -> None:
        self.letters: list[str] = []
        self.tried: list[bytes] = []
        self.accepts = True

    def authenticate(self, *given: Any) -> AuthResult:
        self.tried.append(given[4].password)
        return AuthResult(success=self.accepts, handled=False)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        self.letters.append(envelope.content.decode())
        return "250 OK"


Opened = Callable[..., tuple[PostOffice, SmtpServer]]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))  # read by OpenSSL itself
    return made


@pytest.fixture
def opened(caplog: pytest.LogCaptureFixture) -> Iterator[Opened]:
    caplog.set_level(logging.CRITICAL, "mail.log")  # a server says when its caller hangs up
    controllers: list[Controller] = []

    def started(scheme: str, **options: Any) -> tuple[PostOffice, SmtpServer]:
        office, port = PostOffice(), free_port()
        controller = Controller(
            office, hostname=ADDRESS, port=port, authenticator=office.authenticate, **options
        )
        controller.start()
        controllers.append(controller)
        return office, SmtpServer.parse(f"{scheme}://{USER}:{PASSWORD}@{ADDRESS}:{port}")

    yield started
    for controller in controllers:
        controller.stop()


def secured(scheme: str, authority: Authority, address: str = ADDRESS) -> dict[str, Any]:
    """Return what makes a server speak TLS: from the start, or when asked to (RFC 3207)."""
    context = authority.context(address)
    if scheme == "smtps":
        return {"ssl_context": context, "auth_require_tls": False}
    return {"tls_context": context, "require_starttls": True}


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_mail_is_handed_in_over_tls_with_the_password(
    scheme: str, authority: Authority, opened: Opened
) -> None:
    office, server = opened(scheme, **secured(scheme, authority))
    await server.send(LETTER, SENDER)
    assert office.tried == [PASSWORD.encode()]
    assert len(office.letters) == 1
    assert "To: ann@example.org" in office.letters[0]


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_certificate_of_another_host_is_told_neither_mail_nor_password(
    scheme: str, authority: Authority, opened: Opened
) -> None:
    office, server = opened(scheme, **secured(scheme, authority, "127.0.0.3"))
    with pytest.raises(NotSent):
        await server.send(LETTER, SENDER)
    assert (office.tried, office.letters) == ([], [])


@pytest.mark.usefixtures("authority")
@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_certificate_of_an_authority_nobody_trusts_is_refused(
    scheme: str, opened: Opened, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    office, server = opened(scheme, **secured(scheme, Authority(stranger)))
    with pytest.raises(NotSent):
        await server.send(LETTER, SENDER)
    assert (office.tried, office.letters) == ([], [])


async def test_a_server_that_offers_no_encryption_is_told_nothing(opened: Opened) -> None:
    office, server = opened("smtp", auth_require_tls=False)
    with pytest.raises(NotSent):
        await server.send(LETTER, SENDER)
    assert (office.tried, office.letters) == ([], [])


async def test_a_refused_password_is_in_no_error_and_no_log(
    authority: Authority,
    opened: Opened,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    office, server = opened("smtp", **secured("smtp", authority))
    office.accepts = False
    caplog.set_level(logging.DEBUG, "aiosmtplib")
    with pytest.raises(NotSent) as refused:
        await server.send(LETTER, SENDER)
    assert set(office.tried) == {PASSWORD.encode()}
    told = (repr(refused.value), repr(server), caplog.text, *capfd.readouterr())
    assert not [text for text in told if PASSWORD in text]
    assert refused.value.__suppress_context__
