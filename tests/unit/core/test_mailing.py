"""Mail: nothing gets into a header, and an address of a mail server is read strictly."""

from datetime import UTC, datetime

import pytest

from backend.core.mailing import Letter, SmtpServer, Undeliverable, composed, said_sender

SENDER = "Quillgate <no-reply@example.org>"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def letter(**values: str) -> Letter:
    given = {"id": "01", "to": "ann@example.org", "subject": "Hello", "text": "Text\n", **values}
    return Letter(written_at=NOW, **given)


def test_a_letter_is_plain_text_with_one_recipient() -> None:
    message = composed(letter(subject="Clínica invites you", text="Grüße\n"), SENDER)
    assert message.get_content_type() == "text/plain"
    assert message["To"] == "ann@example.org"
    assert message["Message-ID"] == "<01@example.org>"
    assert message["Subject"] == "Clínica invites you"
    assert message.get_content() == "Grüße\n"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("field", ["to", "subject"])
def test_no_value_adds_a_header(field: str, end: str) -> None:
    with pytest.raises(Undeliverable):
        composed(letter(**{field: f"ann@example.org{end}Bcc: eve@example.org"}), SENDER)


@pytest.mark.parametrize(
    "address",
    ["ann@example.org, eve@example.org", "Ann <ann@example.org>", "ann", "@example.org", "a@b@c"],
)
def test_an_address_is_one_address_or_undeliverable(address: str) -> None:
    with pytest.raises(Undeliverable):
        composed(letter(to=address), SENDER)


def test_a_mail_server_is_read_with_its_usual_ports() -> None:
    secure = SmtpServer.parse("smtps://qg:p%40ss@mail.example.org")
    assert (secure.port, secure.has_tls_from_the_start) == (465, True)
    assert (secure.user, secure.password) == ("qg", "p@ss")
    plain = SmtpServer.parse("smtp://mail.example.org")
    assert (plain.port, plain.has_tls_from_the_start, plain.user) == (587, False, None)


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://u@h", "smtp://h/box"]
)
def test_what_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"write|name"):
        SmtpServer.parse(url)


@pytest.mark.parametrize("sender", ["nobody", "a@b.example, c@d.example", "", "Quillgate"])
def test_a_sender_is_one_address(sender: str) -> None:
    with pytest.raises(ValueError, match="write one address"):
        said_sender(sender)
    assert said_sender(SENDER) == SENDER
