"""Hooks of schemathesis: who calls, with a fresh token each time, and ids that exist."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import schemathesis

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens

ENDING: Final = ("suspend", "archive", "offboard", "revoke", "reactivate")
"""What would end the caller's own world is called with ids that nobody has."""
_GIVEN: Final[dict[str, Any]] = json.loads(os.environ["QUILLGATE_FUZZING"])
_IDS: Final[dict[str, str]] = _GIVEN["ids"]
_TOKENS: Final = AccessTokens(KeyRing.from_master(bytes.fromhex(_GIVEN["master"])).access_tokens)


def _principal() -> Principal:
    kept = _GIVEN["principal"]
    ids: dict[str, Any] = {
        name: kept[name] and UUID(kept[name])
        for name in ("user_id", "device_id", "msp_id", "tenant_id", "client_id")
    }
    return Principal(
        kept["kind"], **ids, role=Role(kept["role"]), session_id=uuid7(),
        stepped_up_at=int(datetime.now(UTC).timestamp()),
    )  # fmt: skip


@schemathesis.auth()
class Caller:
    """Signs each call."""

    def get(self, case: Any, context: Any) -> str:  # noqa: ARG002 -- the interface
        """Return an API key, or a token made just now: a second factor was shown for it."""
        return _GIVEN["key"] or _TOKENS.issue(_principal(), datetime.now(UTC))

    def set(self, case: Any, data: str, context: Any) -> None:  # noqa: ARG002 -- the interface
        """Put it into the call."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:  # noqa: ARG001 -- the interface
    """Name what exists, three times of four, where nothing is ended by it."""
    if case.operation.path.rsplit("/", 1)[-1] in ENDING:
        return
    for part in ("path_parameters", "query", "body"):
        given = getattr(case, part)
        if isinstance(given, Mapping) and all(isinstance(name, str) for name in given):
            setattr(case, part, {name: _known(name, value) for name, value in given.items()})


def _known(name: str, value: Any) -> Any:
    """Return an id that exists instead of another id."""
    try:
        is_foreign = UUID(str(value)).int % 4 == 1
    except ValueError:
        return value
    return value if is_foreign else _IDS.get(name, value)
