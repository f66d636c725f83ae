"""All keys of one installation, derived from the master key with separate labels (RFC 5869)."""

import hashlib
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MASTER_KEY_BYTES = 32


def _derived(master: bytes, label: str, more_salt: bytes = b"") -> bytes:
    salt, info = b"quillgate/1" + more_salt, label.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(master)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One Ed25519 key (RFC 8032) and the name others know it by."""

    private: Ed25519PrivateKey
    key_id: str

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Make the key of a 32-byte seed; its id is the start of its public key's hash."""
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        return cls(private, hashlib.sha256(public).hexdigest()[:16])

    @property
    def public(self) -> Ed25519PublicKey:
        """The key others verify with."""
        return self.private.public_key()

    @property
    def public_bytes(self) -> bytes:
        """The raw 32 bytes of the public key."""
        return self.public.public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`."""
        return self.private.sign(message)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Every key the server uses, each for one purpose."""

    access_tokens: SigningKey
    bundles: SigningKey
    scope_key: bytes
    refresh_key: bytes
    sealing_key: bytes
    bus_key: bytes
    database_password: str
    _digests: bytes

    @classmethod
    def from_master(cls, master: bytes) -> Self:
        """Derive all keys. Raise ValueError unless `master` has 32 bytes."""
        if len(master) != MASTER_KEY_BYTES:
            raise ValueError("the master key must be 32 bytes")
        return cls(
            access_tokens=SigningKey.from_seed(_derived(master, "access-tokens")),
            bundles=SigningKey.from_seed(_derived(master, "bundles")),
            scope_key=_derived(master, "scope"),
            refresh_key=_derived(master, "refresh"),
            sealing_key=_derived(master, "sealing"),
            bus_key=_derived(master, "bus"),
            database_password=_derived(master, "database-password").hex(),
            _digests=_derived(master, "digests"),
        )

    def digest_key(self, tenant_id: UUID, salt: bytes = b"") -> bytes:
        """Return the key of one tenant's value digests: they never match across tenants.

        `salt` is the tenant's random half (`tenant_keys`): with it the key is gone for good.
        """
        return _derived(self._digests, f"tenant:{tenant_id}", salt)

    def answers_key(self, tenant_id: UUID) -> bytes:
        """Return the key that seals a tenant's kept answers, and digests what they answer."""
        return _derived(self._digests, f"answers:{tenant_id}")

    def lists_key(self, tenant_id: UUID, salt: bytes = b"") -> bytes:
        """Return the key of one tenant's lists of known values; its browsers get it too."""
        return _derived(self._digests, f"lists:{tenant_id}", salt)
