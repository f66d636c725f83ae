"""Database URLs: what the operator wrote about encryption survives every change of login."""

import pytest

from backend.core.errors import ConfigurationError
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import Migration


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:s%40crt@db.example:5433/quill",
        "postgresql://ann:s%40crt@db.example:5433/quill?sslmode=verify-full",
        "postgresql://ann:x@/quill?host=/run/postgresql&port=5433",
        "postgresql://ann:x@/quill?host=/run/postgresql&port=5433&sslmode=require",
    ],
)
def test_a_url_written_again_means_the_same(text: str) -> None:
    url = DatabaseUrl.parse(text)
    assert url.text() == text
    assert DatabaseUrl.parse(url.text()) == url
    assert url.login("bob", "y").sslmode == url.sslmode
    assert url.port == 5433


async def test_encryption_that_was_asked_for_is_never_dropped(keys: KeyRing) -> None:
    insisting = DatabaseUrl("a", "b", "127.0.0.1", 1, "c", "require")
    assert insisting.tortoise_credentials()["ssl"] == "require"
    assert "sslmode=require" in insisting.text()
    with pytest.raises(ConfigurationError):
        await Migration(insisting, keys).apply()
