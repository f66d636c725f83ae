"""Policy templates of an MSP: listed, made, read and changed; Quillgate's own are read."""

from typing import Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.layer_pages import Place, decide, layer_page, step
from backend.console.room import blueprint, services
from backend.console.screens import is_operator, screen
from backend.console.template_view import (
    controls_of,
    heir_rows,
    own_rows,
    platform_rows,
    said_rows,
)
from backend.console.visitors import page, visitor
from backend.core.errors import NotFound, QuillgateError
from backend.core.permissions import Reach
from backend.policy.layers import Kind
from backend.services.policy_layers import LayerVersion, NewLayer
from backend.services.shared_data import template, templates

LONGEST_NAME: Final = 120
SHOWN: Final = 50


def is_msps() -> bool:
    """Return whether the visitor belongs to an MSP: templates are its own."""
    return visitor().client_id is None and not is_operator(visitor())


@blueprint.get("/templates", endpoint="templates")
@page("policy:read")
async def template_list() -> ResponseReturnValue:
    """Show the templates of the MSP, and those of Quillgate."""
    if not is_msps():
        return redirect(url_for("console.home"), 303)
    return await _listed()


@blueprint.post("/templates", endpoint="template_made")
@page("policy:publish")
async def template_made() -> ResponseReturnValue:
    """Make a template that says nothing yet."""
    if not is_msps():
        return redirect(url_for("console.home"), 303)
    form = await request.form
    name = " ".join(form.get("name", "").split())[: LONGEST_NAME + 1]
    try:
        made = await services().policy_layers.create(
            visitor(),
            NewLayer(
                Kind.MSP_TEMPLATE, None, None, name, form.get("base", "general"), {},
                form.get("reason", "") or f"New template “{name}”",
            ),
        )  # fmt: skip
    except QuillgateError as error:
        return await _listed(error, name), failures.status(error)
    return redirect(url_for("console.template", layer_id=made.id, done="made"), 303)


@blueprint.get("/templates/platform/<name>", endpoint="platform_template")
@page("policy:read")
async def platform_template(name: str) -> ResponseReturnValue:
    """Show everything that a template of Quillgate says, and which controls that serves."""
    found = template(name)
    return await screen(
        "platform_template.html", found.title, found=found, sections=said_rows(found),
        may_make=is_msps() and visitor().may("policy:publish", Reach.MSP),
        is_msps=is_msps(),
    )  # fmt: skip


@blueprint.get("/templates/<uuid:layer_id>", endpoint="template")
@page("policy:read")
async def show_template(layer_id: UUID) -> ResponseReturnValue:
    """Show what a template says, and who inherits from it."""
    return await layer_page(await _place(layer_id), told=request.args.get("done", ""))


@blueprint.post("/templates/<uuid:layer_id>", endpoint="template_changed")
@page("policy:publish", keeps_form=True)
async def template_changed(layer_id: UUID) -> ResponseReturnValue:
    """Take one step with a change of a template."""
    return await step(await _place(layer_id), (await request.form).to_dict())


@blueprint.post("/templates/<uuid:layer_id>/changes/<uuid:change_id>", endpoint="template_decided")
@page("policy:publish")
async def template_decided(layer_id: UUID, change_id: UUID) -> ResponseReturnValue:
    """Publish what somebody else proposed of a template, or reject it."""
    return await decide(await _place(layer_id), change_id, (await request.form).to_dict())


async def _place(layer_id: UUID) -> Place:
    layer = await msp_template(layer_id)
    href = url_for("console.template", layer_id=layer_id)
    heirs = await services().policy_departures.heirs(visitor(), None, layer_id)
    return Place(
        layer, href, url_for("console.templates"), "Templates",
        controls=controls_of(template(layer.template)),
        extra={
            "heirs": heir_rows(heirs)[:SHOWN],
            "heirs_total": len(heirs),
            "adopt_href": url_for("console.adoption", layer_id=layer_id),
            "base_href": url_for("console.platform_template", name=layer.template),
            "base_title": template(layer.template).title,
        },
    )  # fmt: skip


async def msp_template(layer_id: UUID) -> LayerVersion:
    """Return a template of the visitor's MSP. Raise NotFound, also for other layers."""
    found = await services().policy_layers.get(visitor(), layer_id) if is_msps() else None
    if found is None or found.kind != Kind.MSP_TEMPLATE:
        raise NotFound("There is no such template. Go to Templates and choose one there.")
    return found


async def _listed(error: QuillgateError | None = None, name: str = "") -> str:
    heirs = await services().policy_departures.heirs(visitor())
    layers = await services().policy_layers.list_of(visitor(), None)
    return await screen(
        "templates.html",
        "Templates",
        own=own_rows(layers, heirs),
        platform=platform_rows(heirs),
        bases=[(one.id, one.title) for one in templates().values()],
        base=request.args.get("base", "general"),
        may_make=visitor().may("policy:publish", Reach.MSP),
        strayed=sum(1 for one in heirs if one.departures),
        typed=name,
        problem=failures.words(error) if error else None,
    )
