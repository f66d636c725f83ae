"""Emergency stops of an AI service, or of all, at one client: signed, pushed, and over by itself.

A stop is a field of the client's policy, so it is a version like every other change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.errors import Conflict, PreconditionFailed
from backend.core.principal import Principal
from backend.policy.layers import Kind, Origin
from backend.services.ai_service_registry import AiServiceRegistry, ListedService
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.policy_stops import stop_of_msp
from backend.services.service_approvals import no_such_service
from backend.services.wording import said_reason

EVERYTHING: Final = "*"
LONGEST: Final = timedelta(days=30)
_TRIES: Final = 3
Switches = dict[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ServiceStop:
    """One stop that holds now; `policy_version` is the version that says so."""

    service_id: str
    name: str
    effect: str
    until: datetime
    reason: str
    by: str
    policy_version: int
    template_id: UUID | None = None
    """The MSP's template it stands in: it holds for all its clients, and ends there."""
    template: str = ""


class ServiceStops:
    """Throws and lifts stops by publishing the next version of the client's policy."""

    def __init__(
        self,
        lookup: PolicyLookup,
        publishing: PolicyPublishing,
        registry: AiServiceRegistry,
        clock: Clock,
    ) -> None:
        self._lookup = lookup
        self._publishing = publishing
        self._registry = registry
        self._clock = clock

    async def throw(
        self, principal: Principal, client_id: UUID, service_id: str, effect: str,
        duration: timedelta, reason: str,
    ) -> ServiceStop:  # fmt: skip
        """Stop a service until the time is over. Raise NotFound, or what publishing raises."""
        principal.require("policy:publish")
        words = said_reason(reason)
        name = await self._name(principal, client_id, service_id)
        until = self._clock.now() + min(duration, LONGEST)
        stop = {"effect": effect, "until": until.isoformat(), "reason": words}

        def with_stop(running: Switches) -> Switches:
            return {**running, service_id: stop}

        why = f"Emergency stop of {name}: {words}"
        await self._publish(principal, client_id, with_stop, why)
        return await self._one(principal, client_id, service_id)

    async def lift(
        self, principal: Principal, client_id: UUID, service_id: str, reason: str
    ) -> tuple[ServiceStop, ...]:
        """End a stop before its time; return those that still hold.

        Raise Conflict where none holds or a template holds it, Forbidden to a client whose service
        provider threw it.
        """
        principal.require("policy:publish")
        words = said_reason(reason)
        template = (await self._templates(principal, client_id)).get(service_id)
        if template is not None and principal.client_id is None:
            raise Conflict(
                f"This stop stands in the template “{template.name}” and holds for all its "
                "clients, so it is ended there. Open the template and take it out.",
                code="stop-of-template",
            )
        name = await self._name(principal, client_id, service_id)

        def without_stop(running: Switches) -> Switches:
            if service_id not in running:
                raise Conflict(f"No emergency stop holds for {name} now.", code="no-stop")
            if running[service_id].get("by") == "msp" and principal.client_id is not None:
                raise stop_of_msp()
            return {key: value for key, value in running.items() if key != service_id}

        why = f"End of the emergency stop of {name}: {words}"
        await self._publish(principal, client_id, without_stop, why)
        return await self.listed(principal, client_id)

    async def listed(self, principal: Principal, client_id: UUID) -> tuple[ServiceStop, ...]:
        """Return the stops that hold at a client now. Raise NotFound."""
        principal.require("policy:read")
        layer = (await self._lookup.chain(principal, client_id))[-1]
        names = {one.id: one.name for one in (await self._services(principal, client_id))}
        templates = await self._templates(principal, client_id)
        return tuple(
            ServiceStop(
                service_id=key, name=names.get(key, _named(key)), effect=one["effect"],
                until=datetime.fromisoformat(one["until"]), reason=one["reason"], by=one["by"],
                policy_version=layer.version,
                template_id=UUID(templates[key].id) if key in templates else None,
                template=templates[key].name if key in templates else "",
            )
            for key, one in self._running(layer.document).items()
        )  # fmt: skip

    async def _templates(self, principal: Principal, client_id: UUID) -> Mapping[str, Origin]:
        """Return the MSP's templates that hold a stop, by AI service."""
        found = await self._lookup.explained(principal, client_id)
        return {
            path.partition(".")[2]: one.origin
            for path, one in found.effective.provenance.items()
            if path.startswith("switches.") and one.origin.kind == Kind.MSP_TEMPLATE
        }

    async def _publish(
        self, principal: Principal, client_id: UUID, change: Callable[[Switches], Switches],
        why: str,
    ) -> None:  # fmt: skip
        """Publish on top of the newest version; an emergency is not sent back to read again."""
        for left in reversed(range(_TRIES)):
            layer = (await self._lookup.chain(principal, client_id))[-1]
            patch = {"switches": change(self._running(layer.document))}
            try:
                await self._publishing.publish(
                    principal, UUID(layer.id), layer.version, why[:500], patch
                )
            except PreconditionFailed:
                if not left:
                    raise
            else:
                return

    def _running(self, document: Mapping[str, Any]) -> Switches:
        now = self._clock.now()
        found: Mapping[str, Mapping[str, Any]] = document.get("switches", {})
        return {
            key: one for key, one in found.items() if datetime.fromisoformat(one["until"]) > now
        }

    async def _one(self, principal: Principal, client_id: UUID, service_id: str) -> ServiceStop:
        found = await self.listed(principal, client_id)
        return next(one for one in found if one.service_id == service_id)

    async def _name(self, principal: Principal, client_id: UUID, service_id: str) -> str:
        if service_id == EVERYTHING:
            return _named(service_id)
        services = await self._services(principal, client_id)
        name = next((one.name for one in services if one.id == service_id), None)
        if name is None:
            raise no_such_service()
        return name

    async def _services(self, principal: Principal, client_id: UUID) -> tuple[ListedService, ...]:
        return (await self._registry.listed(principal, client_id)).services


def _named(key: str) -> str:
    return "all AI services" if key == EVERYTHING else key
