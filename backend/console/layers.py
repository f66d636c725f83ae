"""What groups and people of a client have of their own beside its policy."""

from typing import Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.layer_form import said_fields
from backend.console.layer_pages import Place, client_href, decide, layer_page, step
from backend.console.layer_view import Below
from backend.console.layer_words import KINDS, field_label
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.times import moment
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, NotFound, QuillgateError
from backend.policy.inheritance import effective
from backend.policy.layers import Kind
from backend.services.policy_layers import LayerVersion, NewLayer

MOST_GROUPS: Final = 200
_OWNERS: Final = {"group": Kind.GROUP, "user": Kind.USER}


@blueprint.get("/clients/<uuid:client_id>/policy/layers", endpoint="layers")
@page("policy:read")
async def layer_list(client_id: UUID) -> ResponseReturnValue:
    """Show which groups and people have a layer of their own."""
    return await _listed(client_id)


@blueprint.post("/clients/<uuid:client_id>/policy/layers", endpoint="layer_made")
@page("policy:publish")
async def layer_made(client_id: UUID) -> ResponseReturnValue:
    """Make a layer that says nothing yet, or go to the one that is there."""
    form = await request.form
    try:
        kind, owner_id = _owner(form.get("owner", ""))
        there = await services().policy_layers.list_of(visitor(), client_id)
        found = next((one for one in there if one.owner_id == owner_id), None)
        made = found or await _make(client_id, kind, owner_id)
    except QuillgateError as error:
        return await _listed(client_id, error), failures.status(error)
    told = {} if found else {"done": "made"}
    return redirect(client_href("layer", client_id, layer_id=made.id, **told), 303)


@blueprint.get("/clients/<uuid:client_id>/policy/layers/<uuid:layer_id>", endpoint="layer")
@page("policy:read")
async def show_layer(client_id: UUID, layer_id: UUID) -> ResponseReturnValue:
    """Show what a group or a person has of its own."""
    return await layer_page(await _place(client_id, layer_id), told=request.args.get("done", ""))


@blueprint.post("/clients/<uuid:client_id>/policy/layers/<uuid:layer_id>", endpoint="layer_changed")
@page("policy:publish", keeps_form=True)
async def layer_changed(client_id: UUID, layer_id: UUID) -> ResponseReturnValue:
    """Take one step with a change of a layer."""
    return await step(await _place(client_id, layer_id), (await request.form).to_dict())


@blueprint.post(
    "/clients/<uuid:client_id>/policy/layers/<uuid:layer_id>/changes/<uuid:change_id>",
    endpoint="layer_decided",
)
@page("policy:publish")
async def layer_decided(client_id: UUID, layer_id: UUID, change_id: UUID) -> ResponseReturnValue:
    """Publish what somebody else proposed of a layer, or reject it."""
    place = await _place(client_id, layer_id)
    return await decide(place, change_id, (await request.form).to_dict())


def _owner(text: str) -> tuple[str, UUID]:
    kind, _, owner = text.partition(":")
    try:
        return _OWNERS[kind], UUID(owner)
    except (KeyError, ValueError):
        raise InvalidInput("Choose the group, or open the person under People.") from None


async def _make(client_id: UUID, kind: str, owner_id: UUID) -> LayerVersion:
    if kind == Kind.GROUP:
        groups = await services().groups.of_client(visitor(), client_id, None, MOST_GROUPS)
        name = next((one.name for one in groups if one.id == owner_id), "")
        if not name:
            raise NotFound("There is no such group any more. Choose another one.")
    else:
        name = (await services().users.one(visitor(), client_id, owner_id)).card.display_name
    chain = await services().policy_lookup.chain(visitor(), client_id)
    base = next((one.id.partition(":")[2] for one in chain if one.layer == "template"), "general")
    reason = f"Begun for the {KINDS[Kind(kind)]} {name}"
    wanted = NewLayer(kind, owner_id, client_id, name, base, {}, reason)
    return await services().policy_layers.create(visitor(), wanted)


async def _place(client_id: UUID, layer_id: UUID) -> Place:
    client = await services().clients.one(visitor(), client_id)
    layer = await services().policy_layers.get(visitor(), layer_id)
    if layer.client_id != client_id:
        raise NotFound("This client has no such layer. Go to Groups and people, and choose one.")
    user_id = layer.owner_id if layer.kind == Kind.USER else None
    origins = {"user": layer.owner_id} if user_id else {}
    return Place(
        layer, client_href("layer", client_id, layer_id=layer_id),
        client_href("layers", client_id), "Groups and people", client,
        await _below(client_id, user_id),
        extra={"effective_href": client_href("origins", client_id, **origins)},
    )  # fmt: skip


async def _below(client_id: UUID, user_id: UUID | None) -> Below:
    """Return what holds without a group's or a person's own layer."""
    found = await services().policy_lookup.explained(visitor(), client_id, user_id)
    if user_id is None:
        return Below(found.effective.fields, found.effective.provenance)
    without = [one for one in found.layers if one.kind != Kind.USER]
    holds = effective(without, services().policy_lookup.taxonomy)
    return Below(holds.fields, holds.provenance)


async def _listed(client_id: UUID, error: QuillgateError | None = None) -> str:
    client = await services().clients.one(visitor(), client_id)
    layers = await services().policy_layers.list_of(visitor(), client_id)
    have = {one.owner_id for one in layers}
    groups = await services().groups.of_client(visitor(), client_id, None, MOST_GROUPS)
    return await screen(
        "layers.html",
        "Groups and people",
        client=client,
        rows=[
            {
                "name": one.name,
                "kind": KINDS[Kind(one.kind)],
                "href": client_href("layer", client_id, layer_id=one.id),
                "version": one.version,
                "updated": moment(one.updated_at),
                "says": [field_label(path) for path in sorted(said_fields(one.document))],
            }
            for one in layers
        ],
        free=[one for one in groups if one.id not in have],
        has_groups=bool(groups),
        may_publish=visitor().may("policy:publish"),
        people_href=url_for("console.people", client_id=client_id),
        problem=failures.words(error) if error else None,
    )
