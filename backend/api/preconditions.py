"""Versions as ETags (RFC 9110, section 8.8.3), and `If-Match`."""

from quart import request

from backend.core.errors import PreconditionFailed


def etag_of(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def refuse_other_etag(base_version: int) -> None:
    """Raise PreconditionFailed where `If-Match` names another version than the body does."""
    given = request.headers.get("If-Match", "")
    named = {one.strip() for one in given.split(",")}
    if given and not named & {"*", etag_of(base_version)}:
        raise PreconditionFailed(
            f"If-Match names another version than base_version {base_version}, so nothing was "
            "changed. Read it again and repeat the change."
        )
