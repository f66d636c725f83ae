"""The OpenAPI document: tags by endpoint file, examples, a problem document on every operation."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from jsonschema import Draft202012Validator
from quart import Quart
from quart_schema import Info, OpenAPIProvider, QuartSchema
from quart_schema.conversion import MSGSPEC_REF_TEMPLATE
from quart_schema.validation import (
    QUART_SCHEMA_QUERYSTRING_ATTRIBUTE,
    QUART_SCHEMA_REQUEST_ATTRIBUTE,
    QUART_SCHEMA_RESPONSE_ATTRIBUTE,
)
from werkzeug.routing.converters import UUIDConverter

from backend.api.authentication import PERMISSION, PUBLIC, STEP_UP
from backend.api.errors import problem_schema
from backend.api.examples import with_examples

Handler = TypeVar("Handler", bound=Callable[..., Any])
_ANSWERS: Final = "other_answers"
_STEPPED_UP: Final = (
    "it needs a second factor shown lately: `step-up-required` says where to show it. "
    "A key needs the scope, which only somebody gives it who has shown one."
)
_PROBLEM = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def answers(
    status: int, description: str, media_type: str | None = None
) -> Callable[[Handler], Handler]:
    """Document an answer that is not JSON: a text, or nothing at all."""

    def noted(handler: Handler) -> Handler:
        known = getattr(handler, _ANSWERS, {})
        content = {media_type: {"schema": {"type": "string"}}} if media_type else {}
        content |= known.get(str(status), {}).get("content", {})
        answer = {"description": description, "content": content}
        setattr(handler, _ANSWERS, {**known, str(status): answer})
        return handler

    return noted


class _Provider(OpenAPIProvider):
    """quart-schema's document with what it cannot know added to it."""

    _made: dict[str, Any] | None = None

    def schema(self) -> dict[str, Any]:
        """Return the document, made once: anybody may ask for it."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> dict[str, Any]:
        document: dict[str, Any] = super().schema()
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = problem_schema()
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        plain: dict[str, Any] = json.loads(json.dumps(document, default=str))
        _open_tuples(plain)
        _refer(plain)
        parts = {"components": plain["components"]}
        return with_examples(plain, lambda value, schema: is_valid(value, {**parts, **schema}))

    def operation_id(self, method: str, path: str, func: Callable[..., Any]) -> str:
        """Return the name that generated clients call an operation by."""
        del method, path
        return func.__name__

    def build_paths(self, rule: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return one rule's operations, tagged, guarded and with their problems."""
        paths, components = super().build_paths(rule)
        handler = self._app.view_functions[rule.endpoint]
        is_public = getattr(handler, PERMISSION, PUBLIC) == PUBLIC
        for operations in paths.values():
            for operation in operations.values():
                operation["tags"] = [rule.endpoint.partition(".")[0]]
                operation["responses"] = _joined(
                    operation["responses"], getattr(handler, _ANSWERS, {})
                )
                operation["responses"].setdefault("default", _PROBLEM)
                operation["security"] = [] if is_public else [{"bearer": []}]
                if when := getattr(handler, STEP_UP, False):
                    said = (
                        operation.get("description"),
                        "Of a person" if when is True else f"{when} of a person",
                        _STEPPED_UP,
                    )
                    operation["description"] = " ".join(filter(None, said))
        return paths, components | _parts(handler)

    def build_path_parameter(self, name: str, converter: Any) -> dict[str, Any]:
        """Return one part of an address; ids are UUIDs."""
        parameter: dict[str, Any] = super().build_path_parameter(name, converter)
        if isinstance(converter, UUIDConverter):
            parameter["schema"]["format"] = "uuid"
        return parameter

    def build_querystring_parameters(
        self, model: Any
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return the parameters of a query, saying which must be there."""
        parameters, components = super().build_querystring_parameters(model)
        needed = {field.name for field in msgspec.structs.fields(model) if field.required}
        for parameter in parameters:
            parameter["required"] = parameter["name"] in needed
        return parameters, components

    def build_request_body(self, model: Any, source: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the body, which is never optional here."""
        body, components = super().build_request_body(model, source)
        return {**body, "required": True}, components


def is_valid(value: object, schema: Mapping[str, Any]) -> bool:
    """Return whether a value satisfies a schema of the document."""
    return Draft202012Validator(schema).is_valid(value)


def _joined(responses: dict[Any, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Return both; what has one status in two media types keeps both."""
    made: dict[str, Any] = {str(status): answer for status, answer in responses.items()}
    for status, other in others.items():
        content = {**made.get(status, {}).get("content", {}), **other["content"]}
        made[status] = {**other, **made.get(status, {}), "content": content}
    return made


def _refer(document: dict[str, Any]) -> None:
    """Let bodies refer to shapes by their names, which generated clients then know them by."""
    parts = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for content in body.get("content", {}).values():
                    schema = content.get("schema", {})
                    name = schema.get("title")
                    if name is not None and parts.setdefault(name, schema) == schema:
                        content["schema"] = {"$ref": f"#/components/schemas/{name}"}


def _open_tuples(found: dict[str, Any] | list[Any]) -> None:
    """Leave out that nothing follows a tuple's items: `maxItems` says it in words tools know."""
    for one in found.values() if isinstance(found, dict) else found:
        if isinstance(one, dict):
            if one.get("items") is False:
                one["items"] = {}
            _open_tuples(one)
        elif isinstance(one, list):
            _open_tuples(one)


def _parts(handler: Callable[..., Any]) -> dict[str, Any]:
    """Return the shapes within a route's shapes: quart-schema refers to them and forgets them."""
    taken = getattr(handler, QUART_SCHEMA_REQUEST_ATTRIBUTE, ())[:1]
    asked = getattr(handler, QUART_SCHEMA_QUERYSTRING_ATTRIBUTE, None)
    given = [model for model, _ in getattr(handler, QUART_SCHEMA_RESPONSE_ATTRIBUTE, {}).values()]
    models = [model for model in (*taken, asked, *given) if model is not None]
    _, parts = msgspec.json.schema_components(models, ref_template=MSGSPEC_REF_TEMPLATE)
    return parts


def install(app: Quart, version: str) -> None:
    """Serve /openapi.json and nothing that would need a script from elsewhere."""
    QuartSchema(
        app,
        info=Info("Quillgate", version, description="Judges prompts before they leave."),
        conversion_preference="msgspec",
        openapi_provider_class=_Provider,
        swagger_ui_path=None,
        redoc_ui_path=None,
        scalar_ui_path=None,
    )
