"""What comes next for who has just begun: done and open steps, until nothing is open."""

from dataclasses import dataclass

from quart import url_for

from backend.console.room import services
from backend.console.visitors import visitor
from backend.core.errors import Forbidden
from backend.core.permissions import Reach
from backend.services.clients import ClientCard


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, what it is good for, where it is taken."""

    label: str
    detail: str
    href: str
    is_done: bool
    is_next: bool = False


async def steps_of_client(client: ClientCard) -> tuple[Step, ...]:
    """Return a client's steps; none once all is done, nor to who may take none of them."""
    if client.status != "active" or not visitor().may("user:write", Reach.OWN):
        return ()
    try:
        found = await services().first_steps.of(visitor(), client.id)
    except Forbidden:  # the lockbox is closed
        return ()
    if found.is_over:
        return ()

    def at(endpoint: str) -> str:
        return url_for(f"console.{endpoint}", client_id=client.id)

    return _marked(
        Step(
            "Invite an administrator", "Somebody at the client who decides about exceptions.",
            f"{at('people')}?role=client_admin", found.has_admin,
        ),
        Step(
            "Bring its people in", "One by one, or from a CSV file. They need no password.",
            f"{at('people')}?role=end_user", found.has_people,
        ),
        Step(
            "Look the policy over",
            "It starts from a template and holds already. Change what does not fit.",
            at("policy"), found.policy_version > 1,
        ),
        Step(
            "Deploy the extension",
            "Files for Intune, group policy, Jamf and Linux, or a code for one browser.",
            at("fleet"), found.has_code or found.has_browser,
        ),
        Step(
            "See the first browser connect", "Browsers says which policy each obeys.",
            at("fleet"), found.has_browser,
        ),
        Step(
            "See the first prompt checked",
            "Type a made-up patient into an AI site; it stands in the feed a second later.",
            at("client_feed"), found.has_event,
        ),
    )  # fmt: skip


async def steps_of_msp(*, has_clients: bool, has_browsers: bool) -> tuple[Step, ...]:
    """Return an MSP's own steps until a first browser of a client is connected."""
    if has_browsers or not visitor().may("client:write", Reach.MSP):
        return ()
    factor = await services().second_factors.state(visitor())
    return _marked(
        Step(
            "Set up your second factor", "Staff of an MSP need one.", url_for("console.account"),
            factor.is_in_force or factor.is_waived,
        ),
        Step(
            "Make the first client", "Its policy starts from a template.",
            url_for("console.client_new"), has_clients,
        ),
        Step(
            "Connect its first browser", "Its own pages lead there, step by step.",
            "", is_done=False,
        ),
    )  # fmt: skip


def _marked(*steps: Step) -> tuple[Step, ...]:
    following = next((one for one in steps if not one.is_done), None)
    return tuple(
        Step(one.label, one.detail, one.href, one.is_done, is_next=one is following)
        for one in steps
    )
