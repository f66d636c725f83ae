"""What a request may be: its size, and JSON that is safe to parse; sockets are bounded too."""

from typing import Any, Final

from quart import Quart, Request, request
from werkzeug.exceptions import UnsupportedMediaType

from backend.api import sockets
from backend.core.errors import InvalidInput, TooLarge
from backend.core.json_limits import parsed

LARGEST_BODY: Final = 256 * 1024


class LimitedRequest(Request):
    """A request whose JSON is checked before it is parsed."""

    async def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: FBT001, FBT002 -- Quart's signature
        """Return the parsed body. Raise InvalidInput for JSON that is broken or hostile."""
        if not (force or self.is_json):
            if silent:
                return None
            raise UnsupportedMediaType
        body = await self.get_data(cache=cache, as_text=False)
        return parsed(body if isinstance(body, bytes) else body.encode())


def install(app: Quart) -> None:
    """Bound every request of `app`."""
    app.request_class = LimitedRequest
    sockets.install(app)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["BODY_TIMEOUT"] = 20

    @app.before_request
    async def refuse_early() -> None:
        if request.content_length is not None and request.content_length > LARGEST_BODY:
            raise TooLarge("The body is larger than 256 KiB. Send less, or fewer events at once.")
        if "\0" in request.path or b"%00" in request.query_string:
            raise InvalidInput("The address holds a NUL character. Remove it and try again.")
