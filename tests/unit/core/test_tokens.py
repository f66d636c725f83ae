"""Access and refresh tokens: ours pass, everything else is refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from backend.core.errors import Unauthenticated
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.signing import SigningKey
from backend.core.tokens import AccessTokens, RefreshToken

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = SigningKey.from_seed(bytes(range(32)))
TOKENS = AccessTokens(KEY)
USER = Principal("user", uuid7(), None, uuid7(), uuid7(), None, Role.MSP_ADMIN, uuid7())
CLIENT = uuid7()
DEVICE = Principal("device", uuid7(), uuid7(), uuid7(), CLIENT, CLIENT, Role.DEVICE, uuid7())
HEADER = {"alg": "EdDSA", "typ": "at+jwt", "kid": KEY.key_id}
REFRESH_KEY = b"r" * 32


def claims(**changed: Any) -> dict[str, Any]:
    """Return the claims of a valid token of ours with some changed; None takes one away."""
    token = TOKENS.issue(USER, NOW).split(".")[1]
    plain = json.loads(base64.urlsafe_b64decode(token + "=="))
    return {name: value for name, value in (plain | changed).items() if value is not None}


def signed(header: dict[str, Any] | bytes, content: dict[str, Any] | bytes) -> str:
    """Sign whatever is given with our real key, as if we had issued it."""
    parts = [p if isinstance(p, bytes) else json.dumps(p).encode() for p in (header, content)]
    text = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    mac = base64.urlsafe_b64encode(KEY.sign(text)).rstrip(b"=")
    return (text + b"." + mac).decode()


def refused(token: str, now: datetime = NOW) -> str:
    """Return the code the token is refused with."""
    with pytest.raises(Unauthenticated) as caught:
        TOKENS.verify(token, now)
    return caught.value.stable_code


@pytest.mark.parametrize("principal", [USER, DEVICE])
def test_a_token_brings_back_the_principal_it_was_made_for(principal: Principal) -> None:
    assert TOKENS.verify(TOKENS.issue(principal, NOW), NOW) == principal


def test_a_token_we_sign_by_hand_passes_so_that_the_refusals_below_mean_something() -> None:
    assert TOKENS.verify(signed(HEADER, claims()), NOW) == USER


def test_a_token_seen_before_is_still_held_to_its_times_and_to_its_every_letter() -> None:
    tokens = AccessTokens(KEY)
    token = tokens.issue(USER, NOW)
    assert tokens.verify(token, NOW) == tokens.verify(token, NOW) == USER
    for moment in (NOW + timedelta(minutes=5), NOW - timedelta(minutes=2)):
        with pytest.raises(Unauthenticated):
            tokens.verify(token, moment)
    other = token[:-1] + ("A" if token[-1] != "A" else "Q")
    with pytest.raises(Unauthenticated):
        tokens.verify(other, NOW)


def test_a_token_ends_after_five_minutes_to_the_second() -> None:
    token = TOKENS.issue(USER, NOW)
    assert TOKENS.verify(token, NOW + timedelta(seconds=299)) == USER
    assert refused(token, NOW + timedelta(seconds=300)) == "token-expired"


def test_no_two_tokens_are_alike() -> None:
    assert TOKENS.issue(USER, NOW) != TOKENS.issue(USER, NOW)


@pytest.mark.parametrize(
    "name", ["exp", "iat", "iss", "aud", "sub", "sid", "jti", "tid", "mid", "role"]
)
def test_a_claim_that_is_missing_is_refused(name: str) -> None:
    assert refused(signed(HEADER, claims(**{name: None}))) == "unauthenticated"


SECOND = int(NOW.timestamp())
WRONG_CLAIMS: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "else"},
    "our audience among others": {"aud": ["quillgate-api", "else"]},
    "another issuer": {"iss": "else"},
    "expiry as text": {"exp": str(SECOND + 60)},
    "expiry as fraction": {"exp": SECOND + 60.5},
    "expiry as truth": {"exp": True},
    "expiry far away": {"exp": SECOND + 86_400},
    "issue as text": {"iat": str(SECOND)},
    "issued tomorrow": {"iat": SECOND + 86_400, "exp": SECOND + 86_460},
    "an unknown role": {"role": "root"},
    "a device with an admin's role": {"did": str(uuid7())},
    "a number for an id": {"tid": 7},
    "no UUID": {"sid": "' OR 1=1 --"},
    "a list for a client": {"cid": [str(uuid7())]},
}


@pytest.mark.parametrize("changed", WRONG_CLAIMS.values(), ids=WRONG_CLAIMS)
def test_a_claim_that_is_wrong_is_refused(changed: dict[str, Any]) -> None:
    assert refused(signed(HEADER, claims(**changed))) == "unauthenticated"


WRONG_HEADERS: dict[str, dict[str, Any]] = {
    "another type": HEADER | {"typ": "JWT"},
    "a refresh token's type": HEADER | {"typ": "rt+jwt"},
    "no type": {"alg": "EdDSA", "kid": KEY.key_id},
    "another key": HEADER | {"kid": "0" * 16},
    "no key": {"alg": "EdDSA", "typ": "at+jwt"},
    "no algorithm": HEADER | {"alg": "none"},
    "another algorithm": HEADER | {"alg": "HS256"},
    "a key of its own": HEADER | {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}},
    "a key from elsewhere": HEADER | {"jku": "https://keys.example.org"},
    "a critical extension": HEADER | {"crit": ["b64"], "b64": False},
}


@pytest.mark.parametrize("header", WRONG_HEADERS.values(), ids=WRONG_HEADERS)
def test_a_header_that_is_not_exactly_ours_is_refused(header: dict[str, Any]) -> None:
    assert refused(signed(header, claims())) == "unauthenticated"


def test_a_name_that_comes_twice_is_refused_in_either_part() -> None:
    twice = json.dumps(claims()).encode().replace(b'"role":', b'"role": "auditor", "role":', 1)
    header = json.dumps(HEADER).encode().replace(b'"alg":', b'"alg": "none", "alg":', 1)
    assert refused(signed(HEADER, twice)) == "unauthenticated"
    assert refused(signed(header, claims())) == "unauthenticated"


def test_a_key_of_somebody_else_is_refused() -> None:
    other = SigningKey.from_seed(bytes(32))
    forged = jwt.encode(claims(), other.private, algorithm="EdDSA", headers=HEADER)
    assert refused(forged) == "unauthenticated"


def test_the_public_key_is_no_shared_secret() -> None:
    header = HEADER | {"alg": "HS256"}
    forged = jwt.encode(claims(), KEY.public_bytes, algorithm="HS256", headers=header)
    assert refused(forged) == "unauthenticated"


def test_one_token_has_one_spelling() -> None:
    token = TOKENS.issue(USER, NOW)
    for other in (token + "=", token + "==", token + " ", token + "\n", token.replace("-", "+")):
        if other != token:
            assert refused(other) == "unauthenticated"


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b", "a.b.c", "a.b.c.d", "é.é.é", "\0.\0.\0", "a" * 5_000_000],
    ids=["empty", "dot", "dots", "two", "letters", "four", "accents", "nul", "five megabytes"],
)
def test_no_token_at_all_is_refused(token: str) -> None:
    assert refused(token) == "unauthenticated"


def test_json_as_deep_as_fits_is_refused_and_not_a_crash() -> None:
    assert refused(signed(HEADER, b"[" * 2900)) == "unauthenticated"


def test_a_refresh_token_brings_back_its_session_and_counter() -> None:
    token = RefreshToken(uuid7(), uuid7(), 41)
    assert RefreshToken.parse(token.text(REFRESH_KEY), REFRESH_KEY) == token


def test_a_refresh_token_with_any_part_changed_is_refused() -> None:
    token = RefreshToken(uuid7(), uuid7(), 41)
    session, tenant, counter, mac = token.text(REFRESH_KEY).split(".")
    for parts in (
        (session, tenant, "42", mac),
        (tenant, session, counter, mac),
        (session, uuid7().hex, counter, mac),
        (session, tenant, counter, mac[:-1]),
        (session, tenant, counter, ""),
        (session, tenant, counter, "é"),
    ):
        with pytest.raises(Unauthenticated):
            RefreshToken.parse(".".join(parts), REFRESH_KEY)
    with pytest.raises(Unauthenticated):
        RefreshToken.parse(token.text(REFRESH_KEY), b"x" * 32)
