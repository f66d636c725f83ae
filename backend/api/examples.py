"""An example for every body in the document, made from its schema and its fields' names."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
ID: Final = "0193b8f0-6f4e-7c21-9d3a-5b2f4e8c7a10"
MOMENT: Final = "2026-11-24T09:30:00Z"
DAY: Final = "2027-05-31"
_LONGEST: Final = 1
_NAMED: Final[Mapping[str, Any]] = {
    "email": "ann.lee@lakeside-clinic.example",
    "user_email": "ann.lee@lakeside-clinic.example",
    "display_name": "Ann Lee",
    "person": "Ann Lee",
    "author": "Ann Lee",
    "actor": "Ann Lee",
    "password": "four words nobody joins",
    "name": "Lakeside Clinic",
    "slug": "lakeside-clinic",
    "country": "US",
    "timezone": "America/Chicago",
    "reason": "Agreed in the meeting of 24 November",
    "description": "Front desk and nurses",
    "text": "Patient: Maria Gonzalez, MRN 00482913",
    "service": "chatgpt.com",
    "service_host": "chatgpt.com",
    "host": "chatgpt.com",
    "hosts": ["chatgpt.com"],
    "service_id": "chatgpt",
    "ai_service_id": "chatgpt",
    "framework": "hipaa",
    "frameworks": ["hipaa"],
    "control": "164.312(a)(1)",
    "field": "families.contact",
    "rule": "us-npi",
    "type": "US_NPI",
    "mask": "[us-npi]",
    "etag": '"8-1f2e3d4c"',
    "code": "123456",
    "status_code": 200,
    "currency": "USD",
    "url": "https://lakeside-clinic.example/policy",
    "home_url": "https://chatgpt.com/",
    "source": "https://openai.com/policies/",
    "patch": {"families": {"contact": {"action": "block"}}},
    "draft": {"families": {"contact": {"action": "block"}}},
    "document": {"format": 1, "families": {"contact": {"action": "block"}}},
    "scopes": ["client:read"],
}
_FORMATS: Final[Mapping[str, str]] = {"uuid": ID, "date": DAY, "date-time": MOMENT}


def with_examples(document: dict[str, Any], fits: Callable[[Any, Schema], bool]) -> dict[str, Any]:
    """Return the document with an example in every JSON body that has none.

    `fits` says whether a value satisfies a schema: what a name suggests is taken where it does.
    """
    maker = _Examples(document.get("components", {}).get("schemas", {}), fits)
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            bodies = [operation.get("requestBody", {}), *operation.get("responses", {}).values()]
            for body in bodies:
                for media_type, content in body.get("content", {}).items():
                    if media_type.endswith("json") and "schema" in content:
                        content.setdefault("example", maker.of(content["schema"], ""))
    return document


class _Examples:
    def __init__(self, parts: Mapping[str, Schema], fits: Callable[[Any, Schema], bool]) -> None:
        self._parts = parts
        self._fits = fits

    def of(self, schema: Schema, name: str) -> Any:
        """Return a value of a schema, for a field of this name."""
        schema = self._resolved(schema)
        if "anyOf" in schema:
            kinds = [one for one in schema["anyOf"] if one.get("type") != "null"]
            return self.of(kinds[0], name) if kinds else None
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        if name in _NAMED and self._fits(_NAMED[name], schema):
            return _NAMED[name]
        return self._of_type(schema, name)

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self._parts[schema["$ref"].rpartition("/")[2]]
        return schema

    def _of_type(self, schema: Schema, name: str) -> Any:
        makers: Mapping[str, Callable[[], Any]] = {
            "object": lambda: self._object(schema),
            "array": lambda: self._array(schema, name),
            "string": lambda: self._string(schema, name),
            "integer": lambda: self._number(schema, 1),
            "number": lambda: self._number(schema, 0.5),
            "boolean": lambda: True,
        }
        return makers.get(schema.get("type", ""), dict)()

    def _object(self, schema: Schema) -> dict[str, Any]:
        known = {key: self.of(one, key) for key, one in schema.get("properties", {}).items()}
        free = schema.get("additionalProperties")
        if not known and isinstance(free, Mapping) and free:
            return {"example": self.of(free, "")}
        return known

    def _array(self, schema: Schema, name: str) -> list[Any]:
        if "prefixItems" in schema:
            return [self.of(one, name) for one in schema["prefixItems"]]
        one = name.removesuffix("s")
        least = max(_LONGEST, schema.get("minItems", 0))
        return [self.of(schema.get("items", {}), one) for _ in range(least)]

    def _string(self, schema: Schema, name: str) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        if name.endswith(("_at", "until", "since")):
            return MOMENT
        likely = (name.replace("_", " ") or "text", "x" * schema.get("minLength", 1))
        for one in (*likely, "hipaa", "A", "ab", "US", "0" * 64, "A" * 43):
            if self._fits(one, schema):
                return one
        return ""

    @staticmethod
    def _number(schema: Schema, usual: float) -> float:
        least = schema.get("minimum", usual)
        number: float = min(max(least, usual), schema.get("maximum", usual))
        return number
