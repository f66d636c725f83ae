"""Only the right password is right; one-time codes follow their standard."""

import base64
import secrets
from collections.abc import Iterator

import pytest

from backend.core.passwords import Passwords, hash_password, totp_step

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


async def test_only_the_right_password_is_right(passwords: Passwords) -> None:
    stored = hash_password("correct horse")
    assert await passwords.is_right(stored, "correct horse")
    assert not await passwords.is_right(stored, "correct Horse")


def test_a_hash_costs_what_was_decided() -> None:
    assert hash_password("x").startswith("$argon2id$v=19$m=47104,t=1,p=1$")


def test_the_same_password_has_a_different_hash_each_time() -> None:
    assert hash_password("x") != hash_password("x")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$$"])
async def test_nobody_gets_in_without_a_hash(passwords: Passwords, stored: str | None) -> None:
    assert not await passwords.is_right(stored, "")


async def test_what_cannot_be_a_password_is_wrong_and_not_a_crash(passwords: Passwords) -> None:
    stored = hash_password("x" * 256)
    assert not await passwords.is_right(stored, "x" * 257)
    assert not await passwords.is_right(stored, "\ud800")


# RFC 6238, appendix B, SHA-1, the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_a_code_is_the_one_of_the_standard(seconds: int, code: str) -> None:
    assert totp_step(SECRET, code, seconds) == seconds // 30


def test_a_code_of_the_step_before_or_after_counts_and_no_further() -> None:
    made_at, step = 1_111_111_111, 37_037_037
    assert totp_step(SECRET, "050471", made_at + 30) == step
    assert totp_step(SECRET, "050471", made_at - 30) == step
    assert totp_step(SECRET, "050471", made_at + 60) is None


@pytest.mark.parametrize("code", ["", "28708", "2870820", "٢٨٧٠٨٢", "28708é", "\0"])
def test_what_is_no_code_is_wrong_and_not_a_crash(code: str) -> None:
    assert totp_step(SECRET, code, 59) is None


def test_a_damaged_secret_lets_nobody_in() -> None:
    assert totp_step("not base32!", "287082", 59) is None


def test_a_secret_without_padding_works() -> None:
    secret = base64.b32encode(secrets.token_bytes(18)).decode().rstrip("=")
    steps = [totp_step(secret, f"{code:06}", 59) for code in (0, 1)]
    assert set(steps) <= {None, 0, 1, 2}
