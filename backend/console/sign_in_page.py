"""The page that asks who somebody is."""

from typing import Final
from uuid import UUID

from quart import url_for

from backend.console import cookies
from backend.console.demonstrating import has_outbox
from backend.console.kept import NEXT, KeptForm
from backend.console.screens import screen
from backend.console.shapes import Notice

PROVIDER_COOKIE: Final = "qg_console_provider"
"""Where somebody signed in last: says nothing but the organisation."""


def _through() -> str:
    try:
        tenant_id = UUID(cookies.held(PROVIDER_COOKIE))
    except ValueError:
        return ""
    return url_for("console.through", tenant_id=tenant_id)


async def sign_in_page(
    email: str,
    problem: Notice | None = None,
    kept: KeptForm | None = None,
    *,
    wanted: str = "",
    done: Notice | None = None,
) -> str:
    """Return the page; what is kept and wanted travels with it."""
    hidden = (*(kept.hidden() if kept else ()), *(((NEXT, wanted),) if wanted else ()))
    return await screen(
        "sign_in.html",
        "Sign in",
        email=email,
        problem=problem,
        done=done,
        hidden=hidden,
        has_outbox=has_outbox(),
        through_href=_through(),
    )
