"""The identity services on a real database, and a small server with their routes."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from asyncpg import Connection
from quart import Blueprint, Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.api import documentation, errors, headers, health, limits
from backend.api.authentication import public
from backend.api.v1.endpoints import auth, clients, enrolment, password_resets, users
from backend.core.bus import InProcessBus
from backend.core.config import Settings
from backend.core.database import Database
from backend.core.once import MemoryOnce
from backend.core.passwords import Passwords
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.live.publisher import Publisher
from backend.services.accounts import Accounts
from backend.services.allowances import Allowances
from backend.services.clients import Clients
from backend.services.device_proofs import DeviceProofs
from backend.services.enrolment import Enrolment
from backend.services.invitations import Invitations
from backend.services.mails import Mails
from backend.services.own_password import OwnPassword
from backend.services.own_sessions import OwnSessions
from backend.services.password_resets import PasswordResets
from backend.services.second_factors import SecondFactors
from backend.services.sessions import Sessions
from backend.services.users import Users
from tests.integration.identity.letters import Letters
from tests.integration.identity.people import People
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

As = Callable[[Principal], dict[str, str]]
Enrol = Callable[..., Awaitable[Any]]
CANARY = "canary-51f0c2"


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def world(owner: "Connection[Any]") -> World:
    return World(owner)


@pytest.fixture
def people(owner: "Connection[Any]", keys: KeyRing) -> People:
    return People(owner, keys)


@pytest.fixture
async def msp(world: World) -> Msp:
    return await world.msp()


@pytest.fixture
async def client(world: World, msp: Msp) -> Client:
    return await world.client(msp)


@pytest.fixture(scope="session")
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


@pytest.fixture
def sessions(database: Database, keys: KeyRing, clock: StandingClock) -> Sessions:
    return Sessions(database, keys, clock)


@pytest.fixture
def mails(keys: KeyRing) -> Mails:
    return Mails(keys.sealing_key, "https://quillgate.example")


@pytest.fixture
def letters(owner: "Connection[Any]", mails: Mails) -> Letters:
    return Letters(owner, mails)


@pytest.fixture
def publisher() -> Publisher:
    return Publisher(InProcessBus())


@pytest.fixture
def invitations(database: Database, passwords: Passwords, mails: Mails) -> Invitations:
    return Invitations(database, passwords, mails)


@pytest.fixture
def resets(database: Database, passwords: Passwords, mails: Mails) -> PasswordResets:
    return PasswordResets(database, passwords, mails)


@pytest.fixture
def second_factors(
    database: Database,
    passwords: Passwords,
    sessions: Sessions,
    keys: KeyRing,
    clock: StandingClock,
    mails: Mails,
) -> SecondFactors:
    return SecondFactors(database, passwords, sessions, keys, clock, mails, lambda: 0.0)


@pytest.fixture
def accounts(
    database: Database,
    passwords: Passwords,
    sessions: Sessions,
    second_factors: SecondFactors,
) -> Accounts:
    # Time stands still for the limits: thirty passwords may take longer than a refill.
    return Accounts(database, passwords, sessions, second_factors, monotonic=lambda: 0.0)


@pytest.fixture
def enrolments(database: Database, sessions: Sessions, clock: StandingClock) -> Enrolment:
    return Enrolment(database, sessions, clock)


@pytest.fixture
def own_sessions(database: Database, sessions: Sessions, clock: StandingClock) -> OwnSessions:
    return OwnSessions(database, sessions, clock)


@pytest.fixture
def app(  # noqa: PLR0913, PLR0917 -- a server is made of its services
    database: Database,
    keys: KeyRing,
    passwords: Passwords,
    sessions: Sessions,
    accounts: Accounts,
    enrolments: Enrolment,
    own_sessions: OwnSessions,
    second_factors: SecondFactors,
    mails: Mails,
    resets: PasswordResets,
    clock: StandingClock,
    tmp_path: Path,
) -> Quart:
    settings = Settings.from_environment(
        {"DATA_DIR": str(tmp_path), "TRUSTED_ORIGINS": "https://intranet.example"}
    )
    made = Quart("backend", static_folder=None)
    limits.install(made)
    headers.install(made, settings)
    errors.install(made)
    for module in (auth, clients, enrolment, password_resets, users):
        made.register_blueprint(module.blueprint, url_prefix="/api/v1")
    made.register_blueprint(health.blueprint)
    made.register_blueprint(_faulty())
    documentation.install(made, "0")
    made.extensions["quillgate"] = SimpleNamespace(
        settings=settings, allowances=Allowances(settings.calls_per_minute),
        keys=keys, database=database, bus=InProcessBus(), passwords=passwords,
        sessions=sessions, own_sessions=own_sessions, second_factors=second_factors,
        own_password=OwnPassword(database, passwords, sessions, second_factors, mails),
        development=None,
        device_proofs=DeviceProofs(MemoryOnce(), clock, settings.public_url),
        accounts=accounts, enrolment=enrolments, clients=Clients(database),
        users=Users(database), password_resets=resets,
    )  # fmt: skip
    return made


def _faulty() -> Blueprint:
    faulty = Blueprint("faulty", __name__)

    @faulty.get("/api/v1/faulty")
    @public
    async def fail() -> str:
        """Fail the way code does that nobody tested."""
        raise ZeroDivisionError(CANARY)

    return faulty


@pytest.fixture
def http(app: Quart) -> HttpClient:
    return app.test_client()


@pytest.fixture
def signed_in(keys: KeyRing, clock: StandingClock) -> As:
    def authorization(who: Principal) -> dict[str, str]:
        token = AccessTokens(keys.access_tokens).issue(who, clock.now())
        return {"Authorization": f"Bearer {token}"}

    return authorization
