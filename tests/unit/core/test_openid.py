"""ID tokens: one good one, and every way in which one is not good for us."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from backend.core.openid import Claims, Flow, UnknownKey, Untrusted, claims_of

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ISSUER, CLIENT, NONCE = "https://login.example.org", "quillgate", "n-0S6_WzA2Mj"
KEY = rsa.generate_private_key(65537, 2048)
OTHER = rsa.generate_private_key(65537, 2048)
SMALL = rsa.generate_private_key(65537, 1024)  # noqa: S505 -- that is the point
GOOD: dict[str, Any] = {
    "iss": ISSUER, "aud": CLIENT, "sub": "248289761001", "nonce": NONCE, "iat": SECONDS,
    "exp": SECONDS + 300, "email": "Ann@Example.org", "email_verified": True,
}  # fmt: skip


def published(key: Any, algorithm: Any = RSAAlgorithm, **more: Any) -> dict[str, Any]:
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": "k1", "use": "sig", **more}


KEYS = {"keys": [published(KEY)]}


def signed(claims: dict[str, Any], **header: Any) -> str:
    return jwt.encode(claims, KEY, "RS256", {"kid": "k1", **header})


def read(token: str, keys: Any = None) -> Claims:
    return claims_of(token, KEYS if keys is None else keys, (ISSUER, CLIENT, NONCE), NOW)


def test_a_good_token_says_who_somebody_is() -> None:
    assert read(signed(GOOD)) == Claims("248289761001", "ann@example.org", is_multi_factor=False)
    assert read(signed({**GOOD, "aud": [CLIENT], "azp": CLIENT, "amr": ["pwd", "mfa"]})) == Claims(
        "248289761001", "ann@example.org", is_multi_factor=True
    )


@pytest.mark.parametrize(
    "change",
    [{"email_verified": "true"}, {"email_verified": 1}, {"email_verified": None}, {"email": 5}],
    ids=str,
)
def test_an_address_that_is_not_plainly_verified_is_none(change: dict[str, Any]) -> None:
    assert read(signed({**GOOD, **change})).email is None


@pytest.mark.parametrize("amr", [["pwd"], "mfa", {"mfa": True}, ["MFA"], [], None], ids=str)
def test_only_the_word_of_rfc_8176_is_several_factors(amr: Any) -> None:
    assert not read(signed({**GOOD, "amr": amr})).is_multi_factor


WRONG: list[dict[str, Any]] = [
    {"iss": f"{ISSUER}/"}, {"iss": "https://evil.example"}, {"aud": "another"},
    {"aud": [CLIENT, "another"]}, {"aud": []}, {"aud": {CLIENT: 1}}, {"azp": "another"},
    {"nonce": "another"}, {"nonce": 5}, {"exp": SECONDS - 61}, {"exp": str(SECONDS + 300)},
    {"exp": True}, {"iat": SECONDS - 601}, {"iat": SECONDS + 61}, {"nbf": SECONDS + 61},
    {"sub": ""}, {"sub": 5}, {"sub": "x" * 256}, {"sub": "a\0b"},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_a_token_for_others_of_another_time_or_without_a_name_is_refused(
    change: dict[str, Any],
) -> None:
    # A `sub` that is no text is refused by PyJWT when it encodes; nobody else need use it.
    payload = json.dumps({**GOOD, **change}).encode()
    token = jwt.PyJWS().encode(payload, KEY, "RS256", {"kid": "k1"})
    with pytest.raises(Untrusted):
        read(token)


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "nonce", "iat", "exp"])
def test_nothing_that_is_needed_may_be_missing(name: str) -> None:
    with pytest.raises(Untrusted):
        read(signed({key: value for key, value in GOOD.items() if key != name}))


def hand_made(header: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).decode().rstrip("=")

    body = f"{part(json.dumps(header).encode())}.{part(json.dumps(GOOD).encode())}"
    return f"{body}.{part(sign(body.encode()))}"


PEM = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
FORGED = {
    "no signature": hand_made({"alg": "none"}, lambda _: b""),
    "None": hand_made({"alg": "None", "kid": "k1"}, lambda _: b""),
    "the public key as a password": hand_made(
        {"alg": "HS256", "kid": "k1"}, lambda body: hmac.new(PEM, body, hashlib.sha256).digest()
    ),
    "somebody else's key": jwt.encode(GOOD, OTHER, "RS256", {"kid": "k1"}),
    "a key within": jwt.encode(GOOD, OTHER, "RS256", {"kid": "k1", "jwk": published(OTHER)}),
    "something critical": signed(GOOD, crit=["exp"]),
    "nothing": "",
    "no token": "a.b.c",
    "a huge one": signed({**GOOD, "x": "y" * 20_000}),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forged_token_is_refused(token: str) -> None:
    with pytest.raises(Untrusted):
        read(token)


def test_the_key_is_the_one_that_is_named_and_meant_for_signing() -> None:
    with pytest.raises(UnknownKey):
        read(signed(GOOD, kid="k2"))
    for key in (
        published(KEY, use="enc"), published(KEY, key_ops=["encrypt"]), published(KEY, alg="PS256"),
    ):  # fmt: skip
        with pytest.raises(UnknownKey):
            read(signed(GOOD), {"keys": [key]})
    for nothing in ({}, {"keys": None}, {"keys": ["k1"]}, {"keys": [published(KEY)] * 2}):
        with pytest.raises(UnknownKey):
            read(signed(GOOD), nothing)


@pytest.mark.filterwarnings("ignore:The RSA key is 1024")
def test_a_small_rsa_key_is_not_good_enough() -> None:
    token = jwt.encode(GOOD, SMALL, "RS256", {"kid": "k1"})
    with pytest.raises(Untrusted):
        read(token, {"keys": [published(SMALL)]})


def test_keys_of_every_kind_we_take_verify() -> None:
    curve, edwards = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
    kinds = ((curve, ECAlgorithm, "ES256"), (edwards, OKPAlgorithm, "EdDSA"))
    for key, algorithm, kind in (*kinds, (KEY, RSAAlgorithm, "PS256")):
        token = jwt.encode(GOOD, key, kind, {"kid": "k1"})
        assert read(token, {"keys": [published(key, algorithm)]}).subject == GOOD["sub"]


def test_a_flow_sends_the_hash_of_its_verifier_and_never_the_verifier() -> None:
    flow = Flow.new()
    url = flow.authorization_url("https://login.example.org/a?x=1", CLIENT, "https://q.example/cb")
    assert "?x=1&response_type=code&" in url
    assert "code_challenge_method=S256" in url
    assert flow.verifier not in url
    assert len({flow.state, flow.nonce, flow.verifier, *vars_of(Flow.new())}) == 6


def vars_of(flow: Flow) -> tuple[str, str, str]:
    return flow.state, flow.nonce, flow.verifier
