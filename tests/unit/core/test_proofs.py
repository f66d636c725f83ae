"""Proofs of possession: one that was made for this request passes, everything else is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.core.errors import Unauthenticated, Unavailable
from backend.core.once import SPAN_SECONDS, MemoryOnce
from backend.core.proofs import LONGEST_PROOF, Call, read_proof, thumbprint_of
from tests.keyholder import KeyHolder, written

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SECONDS = NOW.timestamp()
URL = "https://quillgate.example/api/v1/sync"
CALL = Call("GET", ("https://quillgate.example",), "/api/v1/sync")
TOKEN = "a.b.c"
KEY = KeyHolder()
HEADER = {"typ": "dpop+jwt", "alg": "ES256", "jwk": KEY.public}
CLAIMS = {"jti": "1", "htm": "GET", "htu": URL, "iat": int(SECONDS)}


def made(**changed: Any) -> str:
    """Return a good proof with something changed."""
    return KEY.proof("GET", URL, TOKEN, SECONDS, **changed)


def refused(text: str, call: Call = CALL, token: str | None = TOKEN) -> str:
    with pytest.raises(Unauthenticated) as caught:
        read_proof(text, call, token, NOW)
    return caught.value.stable_code


def test_a_proof_of_this_request_and_token_passes() -> None:
    assert read_proof(made(), CALL, TOKEN, NOW).thumbprint == KEY.thumbprint


def test_a_proof_without_a_token_passes_where_there_is_none() -> None:
    text = KEY.proof("GET", URL, None, SECONDS)
    assert read_proof(text, CALL, None, NOW).thumbprint == KEY.thumbprint


def test_the_thumbprint_is_the_one_of_rfc_7638() -> None:
    assert thumbprint_of(KEY.public | {"alg": "ES256"}) == KEY.thumbprint


def test_the_example_of_rfc_9449_passes() -> None:
    """Section 7.1: its proof, token and the key of section 4.2."""
    text = (
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0V"
        "jNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY"
        "5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VU"
        "IiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2Mj"
        "I2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRq"
        "zhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA"
    )
    token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
    call = Call("GET", ("https://resource.example.org",), "/protectedresource")
    read = read_proof(text, call, token, datetime.fromtimestamp(1562262618, UTC))
    assert read.thumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"


@pytest.mark.parametrize(
    "changed",
    [
        {"htm": "POST"},
        {"htm": "get"},
        {"htu": URL + "/x"},
        {"htu": "https://elsewhere.example/api/v1/sync"},
        {"htu": "http://quillgate.example/api/v1/sync"},
        {"htu": "https://quillgate.example.attacker.example/api/v1/sync"},
        {"htu": "https://quillgate.example:444/api/v1/sync"},
        {"htu": None},
        {"htu": "https://[::1/api/v1/sync"},
        {"htu": "https://a\u2100b/api/v1/sync"},
        {"htm": None},
        {"ath": "A" * 43},
        {"ath": None},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 65},
        {"jti": 7},
        {"iat": None},
        {"iat": str(int(SECONDS))},
        {"iat": True},
        {"header": {"typ": "JWT"}},
        {"header": {"kid": "k"}},
        {"header": {"jwk": KEY.public | {"d": "A" * 43}}},
        {"header": {"jwk": KEY.public | {"kid": "k"}}},
        {"header": {"jwk": KEY.public | {"crv": "P-384"}}},
        {"header": {"jwk": KEY.public | {"x": "A" * 43}}},
        {"header": {"jwk": KEY.public | {"x": KEY.public["x"] + "="}}},
        pytest.param({"header": {"jwk": KeyHolder().public}}, id="the key of somebody else"),
        {"header": {"jwk": None}},
    ],
    ids=lambda changed: str(changed).replace(KEY.public["x"], "X").replace(KEY.public["y"], "Y"),
)
def test_anything_else_is_refused(changed: dict[str, Any]) -> None:
    assert refused(made(**changed)) == "proof-refused"


def test_a_proof_made_for_another_token_or_none_is_refused() -> None:
    assert refused(made(), token="x.y.z") == "proof-refused"
    assert refused(made(), token=None) == "proof-refused"


@pytest.mark.parametrize("seconds", [-61, 61, 10**12, 10**400, -(10**400)], ids=range(5))
def test_a_proof_too_old_or_from_the_future_says_that_the_clock_is_why(seconds: int) -> None:
    assert refused(made(iat=int(SECONDS) + seconds)) == "proof-time"


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_clock_that_is_a_minute_off_still_passes(seconds: int) -> None:
    read_proof(KEY.proof("GET", URL, TOKEN, SECONDS + seconds), CALL, TOKEN, NOW)


def test_query_and_fragment_do_not_matter() -> None:
    read_proof(made(htu=URL + "?a=1#b"), CALL, TOKEN, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        made() + "=",
        made() + "." + "A" * 86,
        "," + made(),
        made()[:-86] + "A" * 86,
        made()[:-1] + ("A" if made()[-1] != "A" else "Q"),
        KEY.sign(b"[]", written(CLAIMS)),
        KEY.sign(written(HEADER), b"7"),
        KEY.sign(written(HEADER), b"\xff"),
        KEY.sign(written(HEADER), b"[" * 900),
        KEY.sign(written(HEADER)[:-1] + b', "alg": "none"}', written(CLAIMS)),
        KEY.sign(written(HEADER), written(CLAIMS)[:-1] + b', "htu": "https://elsewhere.example"}'),
        KEY.sign(written(HEADER | {"alg": "none"}), written(CLAIMS)),
        KEY.sign(written(HEADER | {"alg": "HS256"}), written(CLAIMS)),
        "A" * (LONGEST_PROOF + 1),
    ],
    ids=range(16),
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    assert refused(text, token=None) == "proof-refused"


def test_a_proof_we_sign_by_hand_passes_so_that_the_refusals_mean_something() -> None:
    assert read_proof(KEY.sign(written(HEADER), written(CLAIMS)), CALL, None, NOW)


def test_an_origin_without_a_scheme_leaves_the_scheme_open() -> None:
    call = Call("GET", ("//quillgate.example",), "/api/v1/sync")
    read_proof(made(), call, TOKEN, NOW)
    assert refused(made(htu="ws://quillgate.example/api/v1/sync"), call) == "proof-refused"


def test_the_mark_depends_on_key_and_id_alone() -> None:
    first, second = (read_proof(made(jti="same"), CALL, TOKEN, NOW) for _ in range(2))
    other = read_proof(KeyHolder().proof("GET", URL, TOKEN, SECONDS, jti="same"), CALL, TOKEN, NOW)
    assert first.mark == second.mark != other.mark


def test_a_mark_is_remembered_for_as_long_as_its_proof_could_be_shown() -> None:
    once, proof = MemoryOnce(), read_proof(made(), CALL, TOKEN, NOW)
    until = proof.forgettable_at
    assert once.take_here(proof.mark, until, SECONDS)
    for later in range(62):
        once.take_here(b"x%d" % later, until + later, SECONDS + later)
        assert not once.take_here(proof.mark, until, SECONDS + later)


def test_what_has_ended_makes_room_and_a_full_memory_refuses_instead_of_forgetting() -> None:
    once = MemoryOnce(most=2)
    assert once.take_here(b"a", 100, 60)
    assert once.take_here(b"b", 100, 60)
    with pytest.raises(Unavailable):
        once.take_here(b"c", 100, 60)
    assert not once.take_here(b"a", 100, 60)
    assert once.take_here(b"c", 200, 100 + 2 * SPAN_SECONDS)


def test_a_proof_from_the_future_is_remembered_for_longer() -> None:
    proof = read_proof(KEY.proof("GET", URL, TOKEN, SECONDS + 60), CALL, TOKEN, NOW)
    assert proof.forgettable_at > (NOW + timedelta(seconds=120)).timestamp()
