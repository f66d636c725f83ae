"""Who is at the console: sign-in cookies, the principal of a page, and where a POST came from."""

import functools
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec
from urllib.parse import urlsplit

from quart import Response, g, redirect, request, url_for
from werkzeug.wrappers.response import Response as PlainResponse

from backend.core.errors import Forbidden, QuillgateError
from backend.core.principal import Principal
from backend.services.sessions import SignedIn

Page = ParamSpec("Page")
ACCESS_COOKIE: Final = "qg_console"
REFRESH_COOKIE: Final = "qg_console_refresh"
_PATH: Final = "/console"
