"""Clients' own rules: ready for detecting, as browsers get them, and digests of known values."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from backend.core.errors import InvalidInput, RefusedField
from backend.core.recent import Recent
from backend.core.signing import KeyRing
from backend.detection.custom.detection import CustomDetection
from backend.detection.custom.digests import LONGEST, SHORTEST, Digester, plain
from backend.detection.custom.lists import Custom, Keywords, Pattern, Values, rule_id
from backend.detection.custom.rules import asks_server, rule_documents
from backend.detection.custom.syntax import PatternFault
from backend.detection.custom.trial import refuse_careless
from backend.policy.actions import ServerVerdict
from backend.policy.policy import Policy
from backend.services.policy_lookup import PublishedPolicy

MOST_KEPT: Final = 256
_NO_KEY: Final = b""


@dataclass(frozen=True, slots=True)
class ValueDigest:
    """What a list keeps of one value."""

    digest: str
    length: int


class CustomDetections:
    """Makes each policy's own rules ready once."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._made: Recent[tuple[UUID, str], CustomDetection] = Recent(MOST_KEPT)

    def of(self, published: PublishedPolicy) -> CustomDetection:
        """Return what a policy adds to the rulebook, ready to be applied."""
        name = (published.client_id, published.etag)
        made = self._made.get(name)
        if made is None:
            custom = published.policy.custom
            key = self._key(published) if custom else _NO_KEY
            made = CustomDetection(custom, key)
            self._made.keep(name, made)
        return made

    def of_draft(self, client_id: UUID, custom: Custom, salt: bytes) -> CustomDetection:
        """Return what a policy would add that is not published, ready to be applied once."""
        return CustomDetection(custom, self._keys.lists_key(client_id, salt))

    def digests(
        self, client_id: UUID, values: Sequence[str], salt: bytes = b""
    ) -> list[ValueDigest]:
        """Return what to keep of `values`, in order. Raise InvalidInput for the first bad one."""
        digester = Digester(self._keys.lists_key(client_id, salt))
        return [_digested(digester, place, value) for place, value in enumerate(values)]

    def for_browsers(self, published: PublishedPolicy) -> dict[str, Any] | None:
        """Return what a browser needs to find the same; None where the policy adds nothing."""
        custom = published.policy.custom
        key = self._key(published)
        return browser_part(custom, key) if custom else None

    def _key(self, published: PublishedPolicy) -> bytes:
        return self._keys.lists_key(published.client_id, published.salt)


def browser_part(custom: Custom, key: bytes) -> dict[str, Any]:
    """Return a client's own rules as a bundle holds them."""
    lists: Mapping[str, Keywords | Pattern | Values] = {
        **custom.keywords, **custom.patterns, **custom.values,
    }  # fmt: skip
    return {
        "rules": rule_documents(custom, for_browsers=True),
        "names": {rule_id(key): one.name for key, one in lists.items()},
        "values": [_values(key, one) for key, one in sorted(custom.values.items())],
        "allowed": [
            {"digests": one.digests, "type": one.type, "until": one.until}
            for _, one in sorted(custom.allowed.items())
        ],
        "key": key.hex(),
        "asks_server": asks_server(custom),
    }


async def try_new_patterns(before: Policy, after: Policy) -> None:
    """Try every pattern that was not there before. Raise InvalidInput, naming the one refused."""
    if after.server_verdict is ServerVerdict.NEVER and asks_server(after.custom):
        raise InvalidInput(
            "Nothing was published: server_verdict: is never, but some pattern would keep a "
            "browser busy and is looked for by the server alone; choose on_finding, or give the "
            "pattern's repeats smaller limits.",
            code="policy-invalid",
        )
    for key, pattern in after.custom.patterns.items():
        if before.custom.patterns.get(key) == pattern:
            continue
        try:
            await asyncio.to_thread(refuse_careless, pattern)
        except PatternFault as fault:
            field = f"custom.patterns.{key}.pattern"
            raise RefusedField(
                f"Nothing was published: {field}: {fault}.",
                field,
                str(fault),
                code="policy-invalid",
            ) from None


def _digested(digester: Digester, place: int, value: str) -> ValueDigest:
    letters = plain(value)
    if not SHORTEST <= len(letters) <= LONGEST:
        raise InvalidInput(
            f"Value {place + 1} cannot be listed: a value has {SHORTEST} to {LONGEST} letters and "
            "digits. Nothing was kept.",
            code="value-unlistable",
        )
    return ValueDigest(digester.of(letters), len(letters))


def _values(key: str, one: Values) -> dict[str, Any]:
    return {
        "rule": rule_id(key), "category": one.category, "severity": one.severity,
        "digests": one.digests, "lengths": one.lengths,
    }  # fmt: skip
