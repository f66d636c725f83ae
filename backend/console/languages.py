"""The language mails to a visitor are written in."""

from quart import request

from backend.services.mail_texts import preferred


def reading() -> str:
    """Return what the visitor reads, of the languages there are."""
    return preferred(request.accept_languages.values())
