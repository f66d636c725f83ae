"""The mails of a demonstration, which leave nobody's machine: shown on this machine alone."""

from quart.typing import ResponseReturnValue

from backend.console.demonstrating import has_outbox
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.times import moment
from backend.console.visitors import public_page
from backend.core.errors import NotFound


@blueprint.get("/outbox")
@public_page
async def outbox() -> ResponseReturnValue:
    """Show what waits, with its links; of real addresses only that something waits."""
    if not has_outbox():
        raise NotFound(
            "There is no outbox here: mail is sent, or this is no demonstration on your machine."
        )
    mails = [(moment(mail.at), mail) for mail in await services().mail_delivery.shown()]
    return await screen("outbox.html", "Outbox", mails=mails)
