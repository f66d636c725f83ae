"""Three clients of two MSPs with everybody who may call, for matrices over routes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from tests.factories import NOW, insert
from tests.integration.policy.worlds import Client, Msp, World

PLATFORM = UUID(int=0)
_STOP = {"effect": "block", "until": "2099-01-01T00:00:00+00:00", "reason": "test", "by": "client"}
_TRIED = {"us-ssn": {"action": "block", "mode": "shadow"}}
DRIFTED = {
    "minimum_confidence": 0.6, "switches": {"deepseek": _STOP, "poe": _STOP}, "rules": _TRIED,
}  # fmt: skip
"""Something of its own in each policy: a drift to show, stops that hold, a rule in shadow."""


@dataclass(frozen=True)
class Neighbours:
    """`own` and `sibling` belong to `msp`; `stranger` to another one."""

    msp: Msp
    own: Client
    sibling: Client
    stranger: Client
    callers: dict[str, Principal]
    made: dict[UUID, dict[str, str]]
    """Ids of what each client has, by the client's id."""

    @property
    def clients(self) -> tuple[Client, Client, Client]:
        """All three: own, sibling, stranger."""
        return self.own, self.sibling, self.stranger

    def foreign_to(self, caller: str) -> tuple[Client, ...]:
        """Return the clients that are none of a caller's business."""
        if caller == "super_admin":
            return ()
        if caller in {"msp_admin", "msp_auditor"}:
            return (self.stranger,)
        return self.sibling, self.stranger


async def make_neighbours(owner: Any) -> Neighbours:
    """Write them."""
    world = World(owner)
    msp, elsewhere = await world.msp(), await world.msp()
    own = await world.client(msp, f"Own {uuid7()}", **DRIFTED)
    sibling = await world.client(msp, f"Sibling {uuid7()}", **DRIFTED)
    stranger = await world.client(elsewhere, f"Stranger {uuid7()}", **DRIFTED)
    await world.ai_service(["chat.example"])
    made = {}
    templates = {one.id: await world.policy_template(one) for one in (msp, elsewhere)}
    for client in (own, sibling, stranger):
        person = await world.person(client, Role.END_USER)
        device, group = await world.device(client), uuid7()
        whose = {"tenant_id": client.id, "msp_id": client.msp_id}
        await insert(owner, "groups", **whose, id=group, name="Billing")
        await insert(owner, "group_members", **whose, group_id=group, user_id=person.user_id)
        session = uuid7()
        await insert(
            owner, "sessions", **whose, id=session, user_id=person.user_id, rotated_at=NOW,
            last_used_at=NOW, expires_at=NOW + timedelta(days=7),
        )  # fmt: skip
        technician = await world.staff(
            msp if client.msp_id == msp.id else elsewhere, Role.MSP_TECHNICIAN, client
        )
        api_key = uuid7()
        await insert(
            owner, "api_keys", **whose, id=api_key, user_id=person.user_id, name="Nightly",
            prefix=api_key.hex[-12:], secret_hash=b"k" * 32, scopes=["client:read"],
            expires_at=NOW + timedelta(days=30),
        )  # fmt: skip
        webhook = uuid7()
        await insert(
            owner, "webhooks", **whose, id=webhook, url="https://siem.example.org",
            sealed_secret="x", last_sequence=0, next_try_at=NOW, given_up_at=NOW,
        )  # fmt: skip
        await insert(
            owner, "webhook_deliveries", **whose, id=uuid7(), webhook_id=webhook, kind="policies",
            message_id="m", events=1, error="", milliseconds=9, created_at=NOW,
        )  # fmt: skip
        await insert(
            owner, "identity_providers", **whose, issuer="https://id.example.org", client_id="q",
            sealed_secret="x", domains=["example.org"],
        )  # fmt: skip
        await insert(
            owner, "identities", **whose, user_id=person.user_id, subject=str(person.user_id),
            issuer="https://id.example.org",
        )  # fmt: skip
        await world.admin_event(client)
        await world.policy_work(client)
        await world.attestation(client)
        request = await world.service_work(client)
        submission = await world.submission(client, "block", "prevented", kinds={"US_SSN": 1})
        exception = await world.exception(client, person)
        made[client.id] = {
            "client": str(client.id), "policy": str(client.policy_id), "device": str(device),
            "group": str(group), "api_key": str(api_key), "webhook": str(webhook),
            "session": str(session),
            "technician": str(technician.user_id),
            "person": str(person.user_id), "msp": str(client.msp_id),
            "service_request": str(request), "layer": str(client.policy_id),
            "change": str(client.policy_id),
            "submission": str(submission), "exception": str(exception),
            "template": str(templates[client.msp_id]), "admin": str(client.admin_id),
        }  # fmt: skip
    callers = {
        "super_admin": await _operator(owner),
        "msp_admin": msp.principal(),
        "msp_technician": await world.staff(msp, Role.MSP_TECHNICIAN, own),
        "msp_auditor": await world.staff(msp, Role.AUDITOR),
        "client_admin": own.principal(),
        "auditor": await world.person(own, Role.AUDITOR),
        "end_user": await world.person(own, Role.END_USER),
        "device": own.device(await world.device(own)),
    }
    return Neighbours(msp, own, sibling, stranger, callers, made)


async def _operator(owner: Any) -> Principal:
    made = uuid7()
    await owner.execute(
        "INSERT INTO users (tenant_id, id, msp_id, email, display_name, role)"
        " VALUES ($1, $2, $1, $3, 'Olga Operator', 'super_admin')",
        PLATFORM, made, f"{made}@example.org",
    )  # fmt: skip
    return Principal("user", made, None, PLATFORM, PLATFORM, None, Role.SUPER_ADMIN, uuid7())
