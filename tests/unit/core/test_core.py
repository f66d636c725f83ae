"""Tokens, scopes, settings and limits refuse what they must."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import jwt
import pytest

from backend.core.config import Settings
from backend.core.errors import ConfigurationError, InvalidInput, Unauthenticated
from backend.core.identifiers import uuid7
from backend.core.json_limits import parsed
from backend.core.passwords import totp_step
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope, hmac_pads
from backend.core.signing import KeyRing
from backend.core.throttle import Throttle
from backend.core.tokens import AccessTokens, RefreshToken

KEYS = KeyRing.from_master(b"k" * 32)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NURSE = Principal(
    "user", uuid4(), None, uuid4(), (CLIENT := uuid4()), CLIENT, Role.END_USER, uuid4()
)
TOKENS = AccessTokens(KEYS.access_tokens)
MASTER = base64.b64encode(b"m" * 32).decode()


def test_a_token_speaks_for_whom_it_was_issued() -> None:
    assert TOKENS.verify(TOKENS.issue(NURSE, NOW), NOW) == NURSE


def test_a_token_expires_after_five_minutes() -> None:
    token = TOKENS.issue(NURSE, NOW)
    assert TOKENS.verify(token, NOW + timedelta(seconds=299)) == NURSE
    with pytest.raises(Unauthenticated):
        TOKENS.verify(token, NOW + timedelta(seconds=300))


def _forged(**changes: object) -> str:
    good = TOKENS.issue(NURSE, NOW)
    header = jwt.get_unverified_header(good)
    claims = jwt.decode(good, options={"verify_signature": False})
    headers = {**header, **dict(changes.pop("headers", {}))}  # type: ignore[call-overload]
    claims |= changes
    claims = {name: value for name, value in claims.items() if value != "absent"}
    return jwt.encode(claims, KEYS.access_tokens.private, algorithm="EdDSA", headers=headers)


@pytest.mark.parametrize(
    "token",
    [
        "", "a.b.c", "x" * 5000, _forged(exp="absent"), _forged(exp="9999999999"),
        _forged(aud=["quillgate-api", "other"]), _forged(aud="other"), _forged(iss="other"),
        _forged(headers={"typ": "JWT"}), _forged(headers={"kid": "other"}), _forged(sub="absent"),
        _forged(role="emperor"), _forged(tid="nobody"), TOKENS.issue(NURSE, NOW) + "=",
        TOKENS.issue(NURSE, NOW)[:-4] + "AAAA",
        jwt.encode({"sub": "x"}, "b" * 32, algorithm="HS256"),
        jwt.encode({"sub": "x"}, "", algorithm="none"),
    ],
)  # fmt: skip
def test_tokens_that_are_not_ours_are_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.verify(token, NOW)


def test_a_claim_that_comes_twice_is_refused() -> None:
    header, payload, _ = TOKENS.issue(NURSE, NOW).split(".")
    text = base64.urlsafe_b64decode(payload + "==").decode()
    twice = base64.urlsafe_b64encode((text[:-1] + ',"role":"super_admin"}').encode()).decode()
    signing_input = f"{header}.{twice.rstrip('=')}"
    signature = KEYS.access_tokens.sign(signing_input.encode())
    mac = base64.urlsafe_b64encode(signature).decode().rstrip("=")
    with pytest.raises(Unauthenticated):
        TOKENS.verify(f"{signing_input}.{mac}", NOW)


def test_a_refresh_token_holds_only_with_its_own_signature() -> None:
    token = RefreshToken(uuid4(), uuid4(), 3)
    text = token.text(KEYS.refresh_key)
    assert RefreshToken.parse(text, KEYS.refresh_key) == token
    for bad in (
        text[:-1] + ("B" if text[-1] == "A" else "A"),
        text.replace(".3.", ".4."),
        "",
        "..",
        text + "é",
    ):
        with pytest.raises(Unauthenticated):
            RefreshToken.parse(bad, KEYS.refresh_key)


def test_the_keys_of_one_master_all_differ_and_follow_from_it() -> None:
    again = KeyRing.from_master(b"k" * 32)
    assert again.bundles.public_bytes == KEYS.bundles.public_bytes
    secrets = {KEYS.scope_key, KEYS.refresh_key, KEYS.digest_key(CLIENT), KEYS.digest_key(uuid4())}
    assert len(secrets) == 4
    assert KEYS.bundles.key_id != KEYS.access_tokens.key_id


def test_a_scope_names_its_expiry_and_fits_the_pads() -> None:
    signed = Scope.tenant(CLIENT, uuid4()).signed(b"key", 1000.0, 42)
    assert signed.split("|")[0].endswith(f".1060.42.system.{UUID(int=0)}")
    inner, outer = hmac_pads(b"key")
    assert len(inner) == len(outer) == 64


def test_ids_are_of_version_seven_and_rise() -> None:
    made = [uuid7() for _ in range(100)]
    assert {identity.version for identity in made} == {7}
    assert {identity.variant for identity in made} == {UUID(int=0).variant, made[0].variant} - {
        UUID(int=0).variant
    }


def test_one_time_codes_follow_the_published_vectors() -> None:
    """RFC 6238, appendix B, SHA-1, the last six digits."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert totp_step(secret, "287082", 59) == 1
    assert totp_step(secret, "081804", 1111111109) == 1111111109 // 30
    assert totp_step(secret, "000000", 59) is None
    assert totp_step(secret, "287082", 59 + 90) is None


def test_a_throttle_lets_a_burst_through_and_then_makes_wait() -> None:
    now = [0.0]
    throttle = Throttle(2, 60, lambda: now[0])
    assert [throttle.wait_seconds("a") for _ in range(3)] == [0, 0, 30]
    assert throttle.wait_seconds("b") == 0
    now[0] = 31
    assert throttle.wait_seconds("a") == 0


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"a": NaN}', b'{"a": 1, "a": 2}', b"\xff", b"[" * 33 + b"]" * 33, b'"\\u0000"',
     b'{"a": ["\\ud800"]}', b""],
)  # fmt: skip
def test_hostile_json_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        parsed(body)
    assert "ud800" not in refused.value.message


def test_ordinary_json_is_read() -> None:
    content = {"a": ["é", {"b": '{[\\"]}'}], "c": None}
    assert parsed(json.dumps(content).encode()) == content


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"DATABASE_URL": "mysql://x", "MASTER_KEY": MASTER}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u@h/d"}, "MASTER_KEY"),
        ({"MASTER_KEY": "short"}, "MASTER_KEY"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"DEBUG": "yes"}, "DEBUG"),
        ({"DEBUG": "true", "HOST": "192.0.2.1"}, "DEBUG"),
        ({"WORKERS": "4"}, "WORKERS"),
        ({"PUBLIC_URL": "quillgate.example"}, "PUBLIC_URL"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    environment: dict[str, str], named: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Settings.from_environment({"DATA_DIR": str(tmp_path), **environment})
    assert named in refused.value.message
    assert "\n" not in refused.value.message


def test_the_master_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = Settings.from_environment({"DATA_DIR": str(tmp_path / "new")})
    second = Settings.from_environment({"DATA_DIR": str(tmp_path / "new")})
    assert first.master_key == second.master_key
    assert (tmp_path / "new" / "secrets.json").stat().st_mode & 0o777 == 0o600
