"""Where an organisation's people sign in, set on a page."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import client_forms, failures
from backend.console.people import Place, staff_place
from backend.console.room import blueprint, services
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import NotFound, QuillgateError
from backend.services.identity_providers import Provider, WantedProvider
from backend.services.provider_sign_in import CALLBACK

_LONGEST: Final = 500
_DONE: Final = {
    "set": Notice("The provider is set", "Try it with the address below before you tell others."),
    "removed": Notice("The provider is gone", "People sign in with their passwords."),
}


@blueprint.get("/clients/<uuid:client_id>/settings/provider")
@page("client:read")
async def provider(client_id: UUID) -> ResponseReturnValue:
    """Show where a client's people sign in."""
    return await _shown(Place(client_id))


@blueprint.get("/staff/provider")
@page("msp:read")
async def staff_provider() -> ResponseReturnValue:
    """Show where the MSP's own staff sign in."""
    return await _shown(staff_place())


@blueprint.post("/clients/<uuid:client_id>/settings/provider", endpoint="provider_set")
@page("client:write", needs_step_up=True)
async def provider_set(client_id: UUID) -> ResponseReturnValue:
    """Set or remove a client's provider."""
    return await _set(Place(client_id))


@blueprint.post("/staff/provider", endpoint="staff_provider_set")
@page("msp:write", needs_step_up=True)
async def staff_provider_set() -> ResponseReturnValue:
    """Set or remove the MSP's own provider."""
    return await _set(staff_place())


async def _set(place: Place) -> ResponseReturnValue:
    form, providers = await request.form, services().identity_providers
    given = {name: form.get(name, "").strip()[:_LONGEST] for name in ("issuer", "client", "secret")}
    given["domains"] = form.get("domains", "")[:4000]
    is_removed = form.get("do") == "remove"
    try:
        if is_removed:
            await providers.remove(visitor(), place.client_id)
        else:
            wanted = WantedProvider(
                given["issuer"], given["client"], given["secret"] or None,
                tuple(given["domains"].lower().replace(",", " ").split()),
                trusts_mfa="trusts_mfa" in form, is_enabled="is_enabled" in form,
                base_version=client_forms.whole(form, "base_version"),
            )  # fmt: skip
            await providers.set(visitor(), place.client_id, wanted)
    except QuillgateError as error:
        return await _shown(place, error, given)
    return redirect(place.href("provider", done="removed" if is_removed else "set"), 303)


async def _shown(
    place: Place, error: QuillgateError | None = None, given: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    present = await _present(place)
    public_url = services().settings.public_url
    needed = "client:write" if place.client_id else "msp:write"
    through = present and url_for("console.through", tenant_id=present.tenant_id)
    text = await place.screen(
        "provider.html",
        "Sign-in",
        present=present,
        given=given or _fields(present),
        redirect_uri=f"{public_url}/console/{CALLBACK}",
        through=f"{public_url}{through}" if through else "",
        may_change=visitor().may(needed),
        problem=failures.words(error) if error else None,
        done=_DONE.get(request.args.get("done", "")),
    )
    return text, failures.status(error) if error else 200


async def _present(place: Place) -> Provider | None:
    try:
        return await services().identity_providers.of(visitor(), place.client_id)
    except NotFound:
        return None


def _fields(present: Provider | None) -> dict[str, str]:
    if present is None:
        return {}
    return {
        "issuer": present.issuer, "client": present.client_id,
        "domains": " ".join(present.domains),
    }  # fmt: skip
