"""The two pages of AI services: the registry with what waits, and one service."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from quart import request, url_for

from backend.console.ai_service_view import (
    decision_row,
    filters,
    reasons,
    risk_pill,
    service_row,
    sighting_rows,
    sought,
    status_pill,
)
from backend.console.ai_service_words import AGREEMENTS, CHOICES, category_in_words
from backend.console.room import services
from backend.console.screens import screen
from backend.console.shapes import Notice, counted
from backend.console.times import moment, moment_or_none
from backend.console.visitors import visitor
from backend.core.permissions import Role
from backend.services.service_listing import ranked
from backend.services.shared_data import frameworks

DECISIONS_SHOWN: Final = 50
SIGHTINGS_READ: Final = 200
GROUPS_READ: Final = 200
REVIEW_AFTER: Final = timedelta(days=90)


async def registry_page(
    client_id: UUID,
    *,
    done: Notice | None = None,
    problem: Notice | None = None,
    typed: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """Return the registry, and before it what waits for somebody."""
    given = {name: request.args.get(name, "") for name in ("q", "status", "risk", "category")}
    client = await services().clients.one(visitor(), client_id)
    found = await services().ai_service_registry.listed(visitor(), client_id)
    today = services().clock.now().date()
    shown, _ = ranked(found, sought(given), today, None, len(found.services))
    waiting = await services().service_requests.listed(visitor(), client_id, "pending")
    seen = await services().service_sightings.listed(visitor(), client_id, None, SIGHTINGS_READ)
    here = url_for("console.ai_services", client_id=client_id)
    return await screen(
        "ai_services.html",
        "AI services",
        client=client,
        rows=[service_row(one) for one in shown],
        total=len(found.services),
        filters=filters(given),
        q=given["q"],
        is_filtered=any(given.values()),
        here=here,
        requests=waiting.items,
        asked=[moment(one.created_at) for one in waiting.items],
        requests_href=url_for("console.ai_services", client_id=client_id).replace(
            "/ai-services", "/service-requests"
        ),
        sightings=sighting_rows(seen.items),
        stops=await _stops(client_id),
        typed=typed or {},
        counted=counted,
        done=done,
        problem=problem,
        **_rights(),
    )


async def service_page(
    client_id: UUID,
    service_id: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    done: Notice | None = None,
    problem: Notice | None = None,
) -> str:
    """Return one service with the form of a decision."""
    client = await services().clients.one(visitor(), client_id)
    one = await services().service_approvals.one(visitor(), client_id, service_id)
    names = {framework.id: framework.name for framework in frameworks()}
    history = await services().service_approvals.history(
        visitor(), client_id, service_id, None, DECISIONS_SHOWN
    )
    today = services().clock.now().date()
    stops = [stop for stop in await _stops(client_id) if stop["id"] in {"*", service_id}]
    return await screen(
        "ai_service.html",
        one.service.name,
        client=client,
        service=one.service,
        category=category_in_words(one.service.category),
        status=status_pill(one.service.status),
        otherwise=status_pill(one.service.otherwise) if one.service.otherwise else None,
        until=moment_or_none(one.service.until),
        risk=one.risk,
        risk_pill=risk_pill(one),
        reasons=reasons(one),
        history=[decision_row(decision, names) for decision in history.items],
        choices=CHOICES,
        agreements=AGREEMENTS,
        frameworks=names,
        groups=await _groups(client_id),
        owners=await _owners(client_id),
        shown={"review_due": (today + REVIEW_AFTER).isoformat(), **(typed or {})},
        today=today.isoformat(),
        errors=errors or {},
        stops=stops,
        here=url_for("console.ai_service", client_id=client_id, service_id=service_id),
        list_href=url_for("console.ai_services", client_id=client_id),
        done=done,
        problem=problem,
        **_rights(),
    )


def _rights() -> dict[str, bool]:
    return {
        "may_decide": visitor().may("ai_service:decide"),
        "may_stop": visitor().may("policy:publish"),
        "may_import": visitor().may("ai_service:discover"),
    }


async def _stops(client_id: UUID) -> list[dict[str, Any]]:
    is_of_client = visitor().client_id is not None
    return [
        {
            "id": stop.service_id, "name": stop.name, "until": moment(stop.until),
            "reason": stop.reason, "is_of_msp": stop.by == "msp",
            "template": stop.template,
            "template_href": template_href(stop.template_id),
            "may_lift": visitor().may("policy:publish")
            and not (stop.by == "msp" and is_of_client)
            and stop.template_id is None,
        }
        for stop in await services().service_stops.listed(visitor(), client_id)
    ]  # fmt: skip


def template_href(template_id: UUID | None) -> str:
    """Return where a template is; clients do not see their MSP's."""
    is_seen = template_id is not None and visitor().client_id is None
    return url_for("console.template", layer_id=template_id) if is_seen else ""


async def _groups(client_id: UUID) -> list[tuple[str, str]]:
    if not visitor().may("user:read"):
        return []
    found = await services().groups.of_client(visitor(), client_id, None, GROUPS_READ)
    return [(str(group.id), group.name) for group in found]


async def _owners(client_id: UUID) -> list[tuple[str, str]]:
    """Return who may own a decision: the client's administrators and auditors."""
    if not visitor().may("user:read"):
        return []
    fit = (Role.CLIENT_ADMIN, Role.AUDITOR)
    people = await services().users.with_roles(visitor(), client_id, fit)
    return [(str(one.id), one.display_name) for one in people]
