"""Takes bodies and queries in exactly the documented types: nothing is guessed from another type.

quart-schema would take `"40"` for 40, `1` for true, a number for a time, and the word `null` in a
query for a filter that was never given.
"""

import functools
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect
from quart import request
from quart_schema import DataSource, RequestSchemaValidationError
from quart_schema.validation import (
    QUART_SCHEMA_QUERYSTRING_ATTRIBUTE,
    QUART_SCHEMA_REQUEST_ATTRIBUTE,
)

Answer = TypeVar("Answer")
Handler = Callable[..., Awaitable[Answer]]
_WHOLE: Final = re.compile(r"-?[0-9]{1,19}")


def validate_request(model: type[msgspec.Struct]) -> Callable[[Handler[Answer]], Handler[Answer]]:
    """Hand the JSON body to the route as `data`."""

    def validating(handler: Handler[Answer]) -> Handler[Answer]:
        setattr(handler, QUART_SCHEMA_REQUEST_ATTRIBUTE, (model, DataSource.JSON))

        @functools.wraps(handler)
        async def validated(*args: Any, **kwargs: Any) -> Answer:
            data = _converted(await request.get_json(), model)
            return await handler(*args, data=data, **kwargs)

        return validated

    return validating


def validate_querystring(
    model: type[msgspec.Struct],
) -> Callable[[Handler[Answer]], Handler[Answer]]:
    """Hand the query to the route as `query_args`."""
    numbers = _numbers(model)

    def validating(handler: Handler[Answer]) -> Handler[Answer]:
        setattr(handler, QUART_SCHEMA_QUERYSTRING_ATTRIBUTE, model)

        @functools.wraps(handler)
        async def validated(*args: Any, **kwargs: Any) -> Answer:
            given = {
                name: _read(values, is_number=name in numbers)
                for name, values in request.args.lists()
            }
            return await handler(*args, query_args=_converted(given, model), **kwargs)

        return validated

    return validating


def _read(values: list[str], *, is_number: bool) -> object:
    """Return one value of a query; a name that comes twice stays a list, which nothing takes."""
    if len(values) > 1:
        return values
    return int(values[0]) if is_number and _WHOLE.fullmatch(values[0]) else values[0]


def _numbers(model: type[msgspec.Struct]) -> frozenset[str]:
    """Return the names of the fields that hold a whole number."""
    fields = msgspec.structs.fields(model)
    return frozenset(f.name for f in fields if _is_number(inspect.type_info(f.type)))


def _is_number(kind: inspect.Type) -> bool:
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return any(isinstance(one, inspect.IntType) for one in kinds)


def _converted(content: object, model: type[msgspec.Struct]) -> msgspec.Struct:
    try:
        return msgspec.convert(content, model)
    except msgspec.ValidationError as error:
        raise RequestSchemaValidationError(error) from None
