"""Every key has one purpose, and ids say when they were made."""

import time
from uuid import uuid4

import pytest

from backend.core.identifiers import uuid7
from backend.core.signing import KeyRing

MASTER = bytes(range(32))


def test_the_same_master_gives_the_same_keys_and_another_gives_others() -> None:
    first, again, other = (KeyRing.from_master(m) for m in (MASTER, MASTER, bytes(32)))
    assert first.bundles.public_bytes == again.bundles.public_bytes
    assert first.bundles.key_id != other.bundles.key_id
    assert first.refresh_key != other.refresh_key


def test_no_key_serves_two_purposes() -> None:
    ring = KeyRing.from_master(MASTER)
    keys = {
        ring.access_tokens.public_bytes, ring.bundles.public_bytes, ring.scope_key,
        ring.refresh_key, bytes.fromhex(ring.database_password), MASTER,
    }  # fmt: skip
    assert len(keys) == 6


def test_two_tenants_never_share_a_digest_key() -> None:
    ring = KeyRing.from_master(MASTER)
    one, two = uuid4(), uuid4()
    assert ring.digest_key(one) == ring.digest_key(one)
    assert ring.digest_key(one) != ring.digest_key(two)


def test_a_signature_is_verified_with_the_public_key_alone() -> None:
    key = KeyRing.from_master(MASTER).bundles
    key.public.verify(key.sign(b"bundle"), b"bundle")
    assert len(key.public_bytes) == 32


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_master_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        KeyRing.from_master(bytes(length))


def test_an_id_says_its_version_and_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_twenty_thousand_ids_are_all_different() -> None:
    assert len({uuid7() for _ in range(20_000)}) == 20_000
