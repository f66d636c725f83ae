"""Where clients say something else than what they inherit, since when, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.layer_pages import client_href
from backend.console.layer_words import field_label, field_value
from backend.console.policy_decisions import submitted
from backend.console.policy_form import base_version
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.template_pages import is_msps
from backend.console.times import Moment, moment
from backend.console.visitors import page, visitor
from backend.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed
from backend.policy.difference import Drift
from backend.services.policy_departures import Heir, Since
from backend.services.policy_publishing import Change
from backend.services.shared_data import templates

PAGE_SIZE: Final = 25
_LONGEST: Final = 120
_STALE: Final = Notice(
    "Somebody published meanwhile", "Below is how the newest version departs. Choose again."
)


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One field that a client says itself."""

    field: str
    label: str
    inherited: str
    here: str
    is_weaker: bool
    since: Moment | None
    version: int
    author: str
    reason: str
    is_own_rule: bool


@dataclass(frozen=True, slots=True)
class StrayedRow:
    """One client in the report, and the fields it says otherwise."""

    client: str
    href: str
    template: str
    rows: tuple[DepartureRow, ...]
    weaker: int
    oldest: Moment | None


@blueprint.get("/departures", endpoint="all_departures")
@page("policy:read")
async def all_departures() -> ResponseReturnValue:
    """Show every client that departs from what it inherits."""
    if not is_msps():
        return redirect(url_for("console.home"), 303)
    search, start = request.args.get("q", "")[:_LONGEST], _start(request.args.get("from", ""))
    only_weaker = request.args.get("weaker") == "1"
    heirs = await services().policy_departures.heirs(visitor())
    strayed = [one for one in heirs if one.departures and _fits(one, search, only_weaker)]
    shown = strayed[start : start + PAGE_SIZE]
    since = await services().policy_departures.since(visitor(), shown)
    more: dict[str, Any] = {"q": search, "from": start + PAGE_SIZE}
    if only_weaker:
        more["weaker"] = "1"
    return await screen(
        "all_departures.html",
        "Differences from the template",
        here=url_for("console.all_departures"),
        strayed=[_strayed(one, since) for one in shown],
        found=len(strayed),
        clients=len(heirs),
        search=search,
        only_weaker=only_weaker,
        more_href=url_for("console.all_departures", **more)
        if len(strayed) > start + PAGE_SIZE
        else "",
    )


@blueprint.get("/clients/<uuid:client_id>/policy/departures")
@page("policy:read")
async def departures(client_id: UUID) -> ResponseReturnValue:
    """Show where one client departs from what it inherits."""
    return await _shown(client_id)


@blueprint.post("/clients/<uuid:client_id>/policy/departures", endpoint="inherited_again")
@page("policy:publish")
async def inherited_again(client_id: UUID) -> ResponseReturnValue:
    """Let a client inherit the chosen fields again."""
    form = await request.form
    fields = tuple(dict.fromkeys(form.getlist("field")))
    try:
        if not fields:
            raise InvalidInput("Nothing is chosen. Tick what shall be inherited again.")  # noqa: TRY301 -- said like the others
        heir = await _heir(client_id)
        change = Change(base_version(form.to_dict()), form.get("reason", ""), {}, fields)
        return await submitted(client_id, heir.policy_id, change, "console.departures")
    except PreconditionFailed as error:
        return await _shown(client_id, _STALE), failures.status(error)
    except (InvalidInput, Conflict) as error:
        shown = await _shown(client_id, failures.words(error), fields, form.get("reason", ""))
        return shown, failures.status(error)


async def _heir(client_id: UUID) -> Heir:
    found = await services().policy_departures.heirs(visitor(), client_id)
    if not found:
        raise NotFound("There is no such client. Check the address or ask your administrator.")
    return found[0]


async def _shown(
    client_id: UUID,
    problem: Notice | None = None,
    chosen: Sequence[str] = (),
    reason: str = "",
) -> str:
    heir = await _heir(client_id)
    since = await services().policy_departures.since(visitor(), [heir])
    published = request.args.get("published", "")
    return await screen(
        "departures.html",
        "Differences from the template",
        client=await services().clients.one(visitor(), client_id),
        heir=heir,
        rows=_rows(heir, since),
        chosen=frozenset(chosen),
        reason=reason,
        here=client_href("departures", client_id),
        may_publish=visitor().may("policy:publish"),
        problem=problem,
        done=Notice(f"Version {heir.version} is published", "What you chose is inherited again.")
        if published == str(heir.version)
        else None,
    )


def _strayed(heir: Heir, since: Mapping[tuple[UUID, str], Since]) -> StrayedRow:
    rows = _rows(heir, since)
    moments = [one.since for one in rows if one.since]
    oldest = min(moments, key=lambda one: one.iso, default=None)
    return StrayedRow(
        heir.client, client_href("departures", heir.client_id),
        heir.template or _title(heir.base), rows,
        sum(1 for one in rows if one.is_weaker), oldest,
    )  # fmt: skip


def _rows(heir: Heir, since: Mapping[tuple[UUID, str], Since]) -> tuple[DepartureRow, ...]:
    rows = [_row(one, since.get((heir.client_id, one.field))) for one in heir.departures]
    return tuple(sorted(rows, key=lambda row: (not row.is_weaker, row.is_own_rule, row.label)))


def _row(one: Drift, since: Since | None) -> DepartureRow:
    return DepartureRow(
        one.field, field_label(one.field), _said(one.field, one.inherited),
        _said(one.field, one.here), one.is_weaker, moment(since.at) if since else None,
        since.version if since else 0, since.author if since else "",
        since.reason if since else "", one.field.startswith("custom."),
    )  # fmt: skip


def _said(path: str, value: object) -> str:
    return "not said" if value is None else field_value(path, value)


def _fits(heir: Heir, search: str, only_weaker: bool) -> bool:  # noqa: FBT001 -- a filter
    words = " ".join([heir.client, *(field_label(one.field) for one in heir.departures)])
    return search.casefold() in words.casefold() and (
        not only_weaker or any(one.is_weaker for one in heir.departures)
    )


def _title(base: str) -> str:
    return templates()[base].title if base in templates() else base


def _start(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("100000") else 0
