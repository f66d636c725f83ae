"""A service is found by its id, its host or a host below, and by nothing that only looks alike."""

from datetime import date
from typing import Any

import pytest

from backend.policy.actions import ServiceStatus
from backend.services.ai_service_registry import ListedService, ServiceList


def a_service(**values: Any) -> ListedService:
    usual: dict[str, Any] = {
        "id": "examplechat",
        "name": "Example Chat",
        "vendor": "Example",
        "hosts": ("chat.example", "beta.chat.example.net"),
        "category": "assistant",
        "home_url": "https://chat.example",
        "source": "test",
        "checked_on": date(2026, 1, 1),
        "status": ServiceStatus.APPROVED,
        "review_due": None,
    }
    return ListedService(**{**usual, **values})


SERVICES = ServiceList((a_service(), a_service(id="other", hosts=("other.example",))))


@pytest.mark.parametrize(
    "asked",
    [
        "examplechat",
        "ExampleChat",
        "chat.example",
        "CHAT.EXAMPLE.",
        "eu.chat.example",
        " chat.example ",
    ],
)
def test_a_listed_service_is_found(asked: str) -> None:
    found = SERVICES.find(asked)
    assert found is not None
    assert found.id == "examplechat"


@pytest.mark.parametrize(
    "asked",
    ["", ".", "example", "evilchat.example", "chat.example.evil.test", "chat", "example.net"],
)
def test_what_only_looks_alike_is_unknown(asked: str) -> None:
    assert SERVICES.find(asked) is None
    assert SERVICES.status_of(asked) is ServiceStatus.UNKNOWN
