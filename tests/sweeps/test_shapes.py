"""Shapes a route takes refuse what they do not know; operations say what they do."""

import base64
from typing import Any

import pytest
from msgspec.structs import StructConfig
from quart import Quart
from quart_schema.validation import (
    QUART_SCHEMA_QUERYSTRING_ATTRIBUTE,
    QUART_SCHEMA_REQUEST_ATTRIBUTE,
)

from backend.app import create_app
from backend.core.config import Settings
from backend.core.signing import KeyRing

TAKEN = (QUART_SCHEMA_REQUEST_ATTRIBUTE, QUART_SCHEMA_QUERYSTRING_ATTRIBUTE)


@pytest.fixture(scope="module")
def app() -> Quart:
    """Return the whole application; nothing is connected."""
    settings = Settings.from_environment({"MASTER_KEY": base64.b64encode(bytes(32)).decode()})
    return create_app(settings, KeyRing.from_master(bytes(32)), "postgresql://a@127.0.0.1/b")


def taken_by(handler: Any) -> list[type]:
    """Return the models a route validates its body and query with."""
    found = [getattr(handler, name, None) for name in TAKEN]
    return [model[0] if isinstance(model, tuple) else model for model in found if model]


def test_every_shape_that_is_taken_refuses_unknown_fields(app: Quart) -> None:
    shapes = {shape for handler in app.view_functions.values() for shape in taken_by(handler)}
    assert len(shapes) >= 8
    lenient = set()
    for shape in shapes:
        config: StructConfig = shape.__struct_config__  # type: ignore[attr-defined]
        if not config.forbid_unknown_fields:
            lenient.add(shape.__name__)
    assert lenient == set()


async def test_every_operation_says_what_it_does_in_a_sentence(app: Quart) -> None:
    document = await (await app.test_client().get("/openapi.json")).get_json()
    silent = [
        (method, path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not operation.get("summary", "").endswith(".")
    ]
    assert silent == []
