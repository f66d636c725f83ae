"""The secrets a webhook signs with, and the signature a receiver checks."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.sealing import opened

SECRET_START: Final = "whsec_"  # noqa: S105 -- what secrets begin with
COLUMNS: Final = "sealed_secret, sealed_secret_before, before_until"


def new_secret() -> str:
    """Return 256 random bits as a receiver is given them."""
    return SECRET_START + secrets.token_urlsafe(32)


def owner_of(webhook_id: UUID) -> str:
    """Return what a webhook's secret is bound to."""
    return f"webhook:{webhook_id}"


def live_secrets(key: bytes, webhook: Record, now: datetime) -> list[str]:
    """Return the secret, and the one before it while both hold; none where unreadable."""
    kept = [webhook["sealed_secret"]]
    if webhook["before_until"] is not None and webhook["before_until"] > now:
        kept.append(webhook["sealed_secret_before"])
    found = [opened(key, one, owner_of(webhook["id"])) for one in kept]
    return [one for one in found if one is not None]


def signed_headers(
    secrets_now: Sequence[str], message_id: str, moment: int, body: str
) -> dict[str, str]:
    """Return what a receiver checks (Standard Webhooks 1.0: HMAC-SHA256 over id.timestamp.body).

    With two secrets there are two signatures; either is good.
    """
    content = f"{message_id}.{moment}.{body}".encode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(_signature(one, content) for one in secrets_now),
        "Content-Type": "application/json",
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.urlsafe_b64decode(secret.removeprefix(SECRET_START) + "=")
    return f"v1,{base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()}"
