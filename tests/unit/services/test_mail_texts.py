"""What mails say: every kind in every language, with the same things filled in."""

import string

import pytest

from backend.services.mail_delivery import is_nobodys, waiting_seconds
from backend.services.mail_texts import KINDS, _texts, languages, written

VALUES = {
    "name": "Ann", "organisation": "Lakeside", "link": "https://q.example/#t", "code": "t",
    "until": "2026-11-20 12:00 UTC", "subject": "Claude", "console": "https://q.example/console",
}  # fmt: skip


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_language_says_what_english_says(kind: str, language: str) -> None:
    assert language in languages()
    found, english = _texts()[language][kind], _texts()["en"][kind]
    assert filled_in(found["text"]) == filled_in(english["text"])
    subject, text = written(kind, language, VALUES)
    assert "{" not in subject + text


def test_an_unknown_language_is_english() -> None:
    assert written("invitation", "tlh", VALUES) == written("invitation", "en", VALUES)


def test_a_name_stays_in_its_line_and_fills_nothing_in() -> None:
    evil = VALUES | {"name": "Ann\r\nBcc: eve@example.org {link}", "organisation": "A\nB"}
    subject, text = written("invitation", "en", evil)
    assert "\n" not in subject
    assert "Hello Ann Bcc: eve@example.org {link}," in text


def test_waiting_doubles_up_to_four_hours_half_of_it_by_chance() -> None:
    assert [waiting_seconds(tries, 1.0) for tries in (1, 2, 3)] == [60, 120, 240]
    assert waiting_seconds(3, 0.0) == 120
    assert waiting_seconds(500, 1.0) == 4 * 3600


@pytest.mark.parametrize(
    ("email", "is_so"),
    [("a@clinic.example", True), ("a@example.org", True), ("a@mail.example.com", True),
     ("a@example.org.evil.net", False), ("a@myexample.org", False), ("a@clinic.org", False)],
)  # fmt: skip
def test_only_reserved_domains_are_nobodys(email: str, is_so: bool) -> None:  # noqa: FBT001 -- expected
    assert is_nobodys(email) is is_so
