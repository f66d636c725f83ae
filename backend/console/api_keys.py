"""Keys for programs: listed, made and shown once, exchanged, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.permission_words import GRANTABLE, WORDS
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.times import Moment, moment, moment_or_none
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, QuillgateError
from backend.services.api_keys import ApiKey, NewKey

LIFETIMES: Final = ((7, "a week"), (30, "a month"), (90, "three months"), (366, "a year"))
USUAL_DAYS: Final = 90
OVERLAP: Final = timedelta(hours=24)
_LONGEST: Final = 120
_DONE: Final = {"ended": Notice("The key works no longer", "Programs that use it are refused.")}


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key in the list."""

    id: UUID
    name: str
    start: str
    may: tuple[str, ...]
    created: Moment
    expires: Moment
    last_used: Moment | None
    state: str
    look: str
    is_open: bool
    is_own: bool


@blueprint.get("/api-keys")
@page("apikey:write")
async def api_keys() -> ResponseReturnValue:
    """Show the keys of the visitor's own organisation."""
    return await _shown(done=_DONE.get(request.args.get("done", "")))


@blueprint.post("/api-keys", endpoint="api_key_made")
@page("apikey:write", needs_step_up=True)
async def api_key_made() -> ResponseReturnValue:
    """Make a key; its text is shown this once."""
    form = await request.form
    typed = {"name": form.get("name", "")[:_LONGEST], "days": form.get("days", "")}
    scopes = form.getlist("scope")
    try:
        made = await services().api_keys.create(
            visitor(), _name(typed["name"]), _scopes(scopes), _lifetime(typed["days"])
        )
    except QuillgateError as error:
        shown = await _shown(error, typed=typed, scopes=scopes)
        return shown, failures.status(error)
    return await _shown(made=made)


@blueprint.post("/api-keys/<uuid:key_id>/rotate", endpoint="api_key_exchanged")
@page("apikey:write", needs_step_up=True)
async def api_key_exchanged(key_id: UUID) -> ResponseReturnValue:
    """Make a successor; the old key works on for a day."""
    try:
        made = await services().api_keys.rotate(visitor(), key_id, OVERLAP)
    except QuillgateError as error:
        return await _shown(error), failures.status(error)
    return await _shown(made=made)


@blueprint.post("/api-keys/<uuid:key_id>/end", endpoint="api_key_ended")
@page("apikey:write")
async def api_key_ended(key_id: UUID) -> ResponseReturnValue:
    """End a key at once."""
    try:
        await services().api_keys.revoke(visitor(), key_id)
    except QuillgateError as error:
        return await _shown(error), failures.status(error)
    return redirect(url_for("console.api_keys", done="ended"), 303)


async def _shown(
    error: QuillgateError | None = None,
    *,
    made: NewKey | None = None,
    done: Notice | None = None,
    typed: Mapping[str, str] | None = None,
    scopes: Sequence[str] = (),
) -> str:
    found = await services().api_keys.of(visitor())
    return await screen(
        "api_keys.html",
        "API keys",
        rows=[_row(one) for one in found],
        made=made,
        groups=_groups(scopes),
        lifetimes=LIFETIMES,
        usual=(typed or {}).get("days") or str(USUAL_DAYS),
        typed=typed or {},
        address=services().settings.public_url,
        problem=failures.words(error) if error else None,
        done=done,
    )


def _row(one: ApiKey) -> KeyRow:
    state, look = _state(one)
    return KeyRow(
        one.id, one.name, f"qgk_{one.prefix}_…",
        tuple(WORDS[name][1] if name in WORDS else name for name in one.scopes),
        moment(one.created_at), moment(one.expires_at), moment_or_none(one.last_used_at), state,
        look, look == "allow", one.owner_id == visitor().user_id,
    )  # fmt: skip


def _state(one: ApiKey) -> tuple[str, str]:
    if one.revoked_at is not None:
        return "ended", "flag"
    return ("expired", "flag") if one.expires_at <= services().clock.now() else ("works", "allow")


def _groups(ticked: Sequence[str]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Return what the visitor may give to a key, by what it is about."""
    may = [name for name in GRANTABLE if visitor().reach(name)]
    return [
        (group, [(name, WORDS[name][1], name in ticked) for name in names])
        for group, names in groupby(may, key=lambda name: WORDS[name][0])
    ]


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or "\0" in name:
        raise InvalidInput("Give the key a name that says which program uses it.")
    return name


def _scopes(ticked: Sequence[str]) -> list[str]:
    found = [name for name in dict.fromkeys(ticked) if name in WORDS]
    if not found:
        raise InvalidInput("The key may do nothing yet. Tick what its program needs, no more.")
    return found


def _lifetime(text: str) -> timedelta:
    days = next((days for days, _ in LIFETIMES if str(days) == text), None)
    if days is None:
        raise InvalidInput("Choose for how long the key works.")
    return timedelta(days=days)
