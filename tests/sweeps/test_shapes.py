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


async def _document(app: Quart) -> dict[str, Any]:
    document: dict[str, Any] = await (await app.test_client().get("/openapi.json")).get_json()
    return document


def _within(value: object, name: str) -> list[Any]:
    """Return every value kept under `name`, however deep."""
    if isinstance(value, list):
        return [found for item in value for found in _within(item, name)]
    if not isinstance(value, dict):
        return []
    deeper = [found for item in value.values() for found in _within(item, name)]
    return [value[name], *deeper] if name in value else deeper


async def test_every_reference_of_the_description_leads_somewhere(app: Quart) -> None:
    document = await _document(app)
    references = [found for found in _within(document, "$ref") if isinstance(found, str)]
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert len(references) > 20
    assert set(references) - known == set()


async def test_every_operation_documents_what_it_answers_when_all_goes_well(app: Quart) -> None:
    document = await _document(app)
    silent = [
        (method, path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if not any(status.startswith("2") for status in operation["responses"])
    ]
    assert silent == []


async def test_what_must_be_sent_is_documented_as_required(app: Quart) -> None:
    document = await _document(app)
    operations = [
        operation for methods in document["paths"].values() for operation in methods.values()
    ]
    bodies = [operation["requestBody"] for operation in operations if "requestBody" in operation]
    assert len(bodies) >= 6
    assert all(body["required"] for body in bodies)
    (client_id,) = [
        parameter
        for parameter in document["paths"]["/api/v1/users"]["get"]["parameters"]
        if parameter["name"] == "client_id"
    ]
    assert client_id["required"] is True


async def test_no_pattern_of_the_description_lets_a_line_end_through(app: Quart) -> None:
    """In Python `$` also matches before a last line end; in JavaScript it does not."""
    document = await _document(app)
    patterns = [found for found in _within(document, "pattern") if isinstance(found, str)]
    assert len(patterns) >= 4
    assert [pattern for pattern in patterns if not pattern.endswith(r"$(?!\n)")] == []
