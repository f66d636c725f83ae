"""What holds for a client or for one of its people, and which layer said each field of it."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from quart import request, url_for
from quart.typing import ResponseReturnValue

from backend.console.layer_pages import client_href
from backend.console.layer_words import KINDS, LOCKS, field_label, field_value
from backend.console.policy_words import FAMILIES
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.visitors import page, visitor
from backend.policy.inheritance import FieldOrigin, Refusal
from backend.policy.layers import Kind
from backend.policy.layers import Origin as Who

MOST_PEOPLE: Final = 20
_LONGEST: Final = 120
_ACTIONS: Final = frozenset({"allow", "flag", "warn", "block"})


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field that holds."""

    label: str
    value: str
    action: str
    kind: str
    said_by: str
    href: str
    version: str
    lock: str
    held_by: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A wish of a layer that counts for nothing, and why."""

    label: str
    wished: str
    held: str
    said_by: str
    held_by: str


@blueprint.get("/clients/<uuid:client_id>/policy/origins")
@page("policy:read")
async def origins(client_id: UUID) -> ResponseReturnValue:
    """Show what holds field by field; for a person with the layers that are theirs."""
    client = await services().clients.one(visitor(), client_id)
    user_id = _uuid(request.args.get("user", ""))
    who, search = (request.args.get(name, "")[:_LONGEST] for name in ("who", "q"))
    found = await services().policy_lookup.explained(visitor(), client_id, user_id)
    person = (
        await services().users.one(visitor(), client_id, user_id)
        if user_id and visitor().may("user:read")
        else None
    )
    rows = [
        _row(client_id, path, found.effective.fields[path], origin)
        for path, origin in sorted(found.effective.provenance.items(), key=_place)
        if path not in {"name", "format"}
    ]
    wanted = search.casefold()
    return await screen(
        "origins.html",
        "Where each setting comes from",
        client=client,
        here=client_href("origins", client_id),
        rows=[one for one in rows if wanted in f"{one.label} {one.said_by} {one.value}".casefold()],
        total=len(rows),
        refused=[_refused(one) for one in found.effective.refused],
        layers=[_layer(client_id, one.origin) for one in found.layers],
        person=person.card if person else None,
        user_id=user_id,
        people=await _people(client_id, who),
        may_search=visitor().may("user:read"),
        who=who,
        search=search,
    )


async def _people(client_id: UUID, who: str) -> list[dict[str, str]]:
    if not who.strip() or not visitor().may("user:read"):
        return []
    found = await services().users.by_name(
        visitor(), client_id, who.replace("\0", ""), None, MOST_PEOPLE
    )
    return [
        {
            "name": one.display_name,
            "email": one.email,
            "href": client_href("origins", client_id, user=one.id),
        }
        for one in found
    ]


def _row(client_id: UUID, path: str, value: Any, origin: FieldOrigin) -> FieldRow:
    said = field_value(path, value) or "nothing"
    return FieldRow(
        field_label(path), said, said if said in _ACTIONS else "",
        KINDS.get(Kind(origin.origin.kind), origin.origin.kind), origin.origin.name,
        _href(client_id, origin.origin), f"version {origin.origin.version}", LOCKS[_lock(origin)],
        origin.held_by.name if origin.held_by else "",
    )  # fmt: skip


def _place(item: tuple[str, FieldOrigin]) -> tuple[int, int, str]:
    """Return where a field stands: kinds of data first, in the order of the form."""
    group, _, name = item[0].partition(".")
    place = _ORDER.index(group) if group in _ORDER else len(_ORDER)
    return place, _FAMILIES.index(name) if name in _FAMILIES else len(_FAMILIES), item[0]


_ORDER: Final = (
    "families", "entities", "rules", "combinations", "categories", "services", "files", "custom",
    "switches",
)  # fmt: skip
_FAMILIES: Final = tuple(FAMILIES)


def _lock(origin: FieldOrigin) -> str:
    return origin.mode if origin.mode in LOCKS else ""


def _refused(one: Refusal) -> RefusedRow:
    held = field_value(one.field, one.held) if one.held is not None else "nothing"
    wished = field_value(one.field, one.wished) if one.wished is not None else "nothing"
    return RefusedRow(field_label(one.field), wished, held, one.origin.name, one.by.name)


def _layer(client_id: UUID, origin: Who) -> dict[str, str]:
    return {
        "kind": KINDS.get(Kind(origin.kind), origin.kind),
        "name": origin.name,
        "version": str(origin.version),
        "href": _href(client_id, origin),
    }


def _href(client_id: UUID, origin: Who) -> str:
    """Return where a layer is read; nothing for several groups together, or what is not ours."""
    if origin.kind == Kind.CLIENT:
        return client_href("policy", client_id)
    if origin.kind == Kind.PLATFORM:
        return url_for("console.platform_template", name=origin.id)
    layer_id = _uuid(origin.id)
    if layer_id is None:
        return ""
    if origin.kind == Kind.MSP_TEMPLATE:
        is_ours = visitor().client_id is None
        return url_for("console.template", layer_id=layer_id) if is_ours else ""
    return client_href("layer", client_id, layer_id=layer_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
