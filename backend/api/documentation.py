"""The OpenAPI document: tags by endpoint file, a problem document on every operation."""

import json
from typing import Any

from quart import Quart
from quart_schema import Info, OpenAPIProvider, QuartSchema

from backend.api.authentication import PERMISSION, PUBLIC
from backend.api.errors import problem_schema

_PROBLEM = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class _Provider(OpenAPIProvider):
    """quart-schema's document with what it cannot know added to it."""

    def schema(self) -> dict[str, Any]:
        """Return the document."""
        document: dict[str, Any] = super().schema()
        components = document.setdefault("components", {})
        components.setdefault("schemas", {})["Problem"] = problem_schema()
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        plain: dict[str, Any] = json.loads(json.dumps(document, default=str))
        return plain

    def build_paths(self, rule: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return one rule's operations, tagged, guarded and with their problems."""
        paths, components = super().build_paths(rule)
        handler = self._app.view_functions[rule.endpoint]
        is_public = getattr(handler, PERMISSION, PUBLIC) == PUBLIC
        for operations in paths.values():
            for operation in operations.values():
                operation["tags"] = [rule.endpoint.partition(".")[0]]
                operation.setdefault("responses", {})["default"] = _PROBLEM
                operation["security"] = [] if is_public else [{"bearer": []}]
        return paths, components


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
