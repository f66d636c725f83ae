"""Everything an extension enforces, as one signed text: policy, AI services, adapters, rulebook."""

import asyncio
import base64
import functools
import gzip
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.core.signing import SigningKey
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.custom_detections import CustomDetections
from backend.services.policy_lookup import PolicyLookup, PublishedPolicy

FORMAT: Final = 1
MIN_EXTENSION: Final = "0.1.0"
VALID_FOR: Final = timedelta(hours=24)
RENEWED_EVERY: Final = timedelta(hours=6)
SMALL: Final = 6
FAST: Final = 1
MOST_BYTES: Final = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignedBundle:
    """A bundle as it is sent, and in gzip; both are empty when the caller holds this one."""

    etag: str
    body: bytes
    packed: bytes

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return len(self.body) + len(self.packed)

    @property
    def is_unchanged(self) -> bool:
        """Whether the caller's copy still holds."""
        return not self.body


class SyncBundles:
    """Builds each client's bundle once per content and keeps the bytes."""

    def __init__(
        self,
        lookup: PolicyLookup,
        registry: AiServiceRegistry,
        rulebook: bytes,
        adapters: Sequence[Mapping[str, Any]],
        bundle_key: SigningKey,
        clock: Clock,
        custom: CustomDetections,
    ) -> None:
        self._custom = custom
        self._lookup = lookup
        self._registry = registry
        self._key = bundle_key
        self._clock = clock
        self._rulebook_version, rulebook_text = _read(rulebook)
        self._fixed = {
            "format": _text(FORMAT),
            "min_extension": _text(MIN_EXTENSION),
            "adapters": _text(list(adapters)),
            "rulebook": rulebook_text,
            "rulebook_version": _text(self._rulebook_version),
        }
        self._built: OrderedDict[tuple[UUID, str], SignedBundle] = OrderedDict()
        self._bytes = 0
        self._fixed_digest = _digest(*self._fixed.values(), bundle_key.key_id)

    async def bundle(self, principal: Principal, held: str | None = None) -> SignedBundle:
        """Return the bundle of the principal's client; without a body when it is the one `held`.

        The tag follows from the content and from a six-hour period, the same in every process, so
        that a browser holding an unchanged policy still gets a fresh signature before it expires.
        """
        principal.require("sync:read", Reach.SELF)
        client_id = principal.own_client()
        scope = principal.scope_for(client_id)
        policy = await self._lookup.effective(scope, client_id, principal.user_id)
        found = await self._registry.of_client(scope, client_id, principal.user_id)
        services = found.for_browsers
        now = self._clock.now()
        own = policy.exemptions_of(principal.user_id, now)
        exemptions = _text([one.document() for one in own])
        told = "" if policy.suspension is None else _text(policy.suspension.document(now))
        etag = self._etag(policy, services, exemptions + told, now)
        if held == etag:
            return SignedBundle(etag, b"", b"")
        name = (client_id, _digest(policy.etag, services, exemptions, told))
        built = self._built.get(name)
        if built is None or built.etag != etag:
            body = self._signed(self._bundle(policy, services, exemptions, told, now))
            # A tenth of the bytes: a policy for a thousand browsers is 160 MB instead of 1.6 GB.
            # What one person was granted is for one browser, which waits for it: fast is better.
            packed = await asyncio.to_thread(gzip.compress, body, FAST if own else SMALL, mtime=0)
            built = SignedBundle(etag, body, packed)
            self._keep(name, built)
        self._built.move_to_end(name)
        return built

    def _etag(self, policy: PublishedPolicy, services: str, exemptions: str, now: datetime) -> str:
        period = int(now.timestamp() + _offset(policy.client_id)) // int(
            RENEWED_EVERY.total_seconds()
        )
        content = _digest(
            str(policy.client_id), policy.client_name, str(policy.version), policy.etag, services,
            exemptions, self._fixed_digest,
        )  # fmt: skip
        return f"{content}-{period}"

    def _bundle(
        self,
        policy: PublishedPolicy,
        services: str,
        exemptions: str,
        suspension: str,
        now: datetime,
    ) -> str:
        """Return canonical JSON: the fields' texts in the order of their names."""
        said = {"version": policy.version, "etag": policy.etag, "document": _decisive(policy)}
        fields = {
            **self._fixed,
            "tenant": _text(str(policy.client_id)),
            "client_name": _text(policy.client_name),
            "issued": _text(now.isoformat()),
            "expires": _text((now + VALID_FOR).isoformat()),
            "policy": _text(said),
            "ai_services": services,
            "exemptions": exemptions,
            "custom": _text(self._custom.for_browsers(policy)),
            **({"suspension": suspension} if suspension else {}),
        }
        return "{" + ",".join(f'"{name}":{fields[name]}' for name in sorted(fields)) + "}"

    def _signed(self, bundle: str) -> bytes:
        signature = base64.urlsafe_b64encode(self._key.sign(bundle.encode())).rstrip(b"=").decode()
        return _text(
            {
                "format": FORMAT,
                "key_id": self._key.key_id,
                "signature": signature,
                "bundle": bundle,
            }
        ).encode()

    def _keep(self, name: tuple[UUID, str], built: SignedBundle) -> None:
        former = self._built.pop(name, None)
        self._built[name] = built
        self._bytes += built.size - (former.size if former else 0)
        while self._bytes > MOST_BYTES and len(self._built) > 1:
            _, dropped = self._built.popitem(last=False)
            self._bytes -= dropped.size


def _decisive(policy: PublishedPolicy) -> dict[str, Any]:
    """Return the document without what a client adds to the rulebook, which goes as rules."""
    return {name: value for name, value in policy.document.items() if name != "custom"}


@functools.lru_cache(maxsize=2)
def _read(rulebook: bytes) -> tuple[str, str]:
    """Return the version of a rulebook and its text as bundles hold it."""
    document = json.loads(rulebook)
    return str(document["version"]), _text(document)


def _text(value: object) -> str:
    """Return canonical JSON; dates, which TOML has and JSON has not, in ISO 8601."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _offset(client_id: UUID) -> int:
    """Return seconds by which a client's periods are shifted, so that not all renew at once."""
    return client_id.int % int(RENEWED_EVERY.total_seconds())
