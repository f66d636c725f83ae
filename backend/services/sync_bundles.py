"""Everything an extension enforces, as one signed text: policy, AI services, adapters, rulebook."""

import asyncio
import base64
import gzip
import hashlib
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
from backend.services.shipped_rulebook import ShippedRulebook, canonical

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


class _Form:
    """What all bundles of one form have in common."""

    def __init__(self, fields: Mapping[str, str], key: SigningKey) -> None:
        self.fields = fields
        self.digest = _digest(*fields.values(), key.key_id)


class SyncBundles:
    """Builds each client's bundle once per content and keeps the bytes."""

    def __init__(
        self,
        lookup: PolicyLookup,
        registry: AiServiceRegistry,
        rulebook: ShippedRulebook,
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
        shared = {
            "format": canonical(FORMAT),
            "min_extension": canonical(MIN_EXTENSION),
            "adapters": canonical(list(adapters)),
            "rulebook_version": canonical(rulebook.version),
            "rulebook_digest": canonical(rulebook.digest),
        }
        self._whole = _Form({**shared, "rulebook": rulebook.text}, bundle_key)
        self._apart = _Form(shared, bundle_key)
        self._built: OrderedDict[tuple[UUID, str], SignedBundle] = OrderedDict()
        self._bytes = 0

    async def bundle(
        self, principal: Principal, held: str | None = None, *, is_rulebook_apart: bool = False
    ) -> SignedBundle:
        """Return the bundle of the principal's client; without a body when it is the one `held`.

        The tag follows from the content and from a six-hour period, the same in every process, so
        that a browser holding an unchanged policy still gets a fresh signature before it expires.
        Apart, the rulebook is named by its digest alone: it is fiftyfold the rest, and rarely new.
        """
        principal.require("sync:read", Reach.SELF)
        client_id = principal.own_client()
        scope = principal.scope_for(client_id)
        policy = await self._lookup.effective(scope, client_id, principal.user_id)
        found = await self._registry.of_client(scope, client_id, principal.user_id)
        services = found.for_browsers
        now = self._clock.now()
        own = policy.exemptions_of(principal.user_id, now)
        exemptions = canonical([one.document() for one in own])
        told = "" if policy.suspension is None else canonical(policy.suspension.document(now))
        form = self._apart if is_rulebook_apart else self._whole
        etag = _etag(form, policy, services, exemptions + told, now)
        if held == etag:
            return SignedBundle(etag, b"", b"")
        name = (client_id, _digest(form.digest, policy.etag, services, exemptions, told))
        built = self._built.get(name)
        if built is None or built.etag != etag:
            body = self._signed(self._bundle(form, policy, services, exemptions, told, now))
            # A tenth of the bytes: a policy for a thousand browsers is 160 MB instead of 1.6 GB.
            # What one person was granted is for one browser, which waits for it: fast is better.
            packed = await asyncio.to_thread(gzip.compress, body, FAST if own else SMALL, mtime=0)
            built = SignedBundle(etag, body, packed)
            self._keep(name, built)
        self._built.move_to_end(name)
        return built

    def _bundle(
        self,
        form: "_Form",
        policy: PublishedPolicy,
        services: str,
        exemptions: str,
        suspension: str,
        now: datetime,
    ) -> str:
        """Return canonical JSON: the fields' texts in the order of their names."""
        said = {"version": policy.version, "etag": policy.etag, "document": _decisive(policy)}
        fields = {
            **form.fields,
            "tenant": canonical(str(policy.client_id)),
            "client_name": canonical(policy.client_name),
            "issued": canonical(now.isoformat()),
            "expires": canonical((now + VALID_FOR).isoformat()),
            "policy": canonical(said),
            "ai_services": services,
            "exemptions": exemptions,
            "custom": canonical(self._custom.for_browsers(policy)),
            **({"suspension": suspension} if suspension else {}),
        }
        return "{" + ",".join(f'"{name}":{fields[name]}' for name in sorted(fields)) + "}"

    def _signed(self, bundle: str) -> bytes:
        signature = base64.urlsafe_b64encode(self._key.sign(bundle.encode())).rstrip(b"=").decode()
        return canonical(
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


def _etag(
    form: _Form, policy: PublishedPolicy, services: str, exemptions: str, now: datetime
) -> str:
    period = int(now.timestamp() + _offset(policy.client_id)) // int(RENEWED_EVERY.total_seconds())
    content = _digest(
        str(policy.client_id), policy.client_name, str(policy.version), policy.etag, services,
        exemptions, form.digest,
    )  # fmt: skip
    return f"{content}-{period}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _offset(client_id: UUID) -> int:
    """Return seconds by which a client's periods are shifted, so that not all renew at once."""
    return client_id.int % int(RENEWED_EVERY.total_seconds())
