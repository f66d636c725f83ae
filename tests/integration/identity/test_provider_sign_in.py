"""Signing in through a real OpenID provider: who is let in, as whom, and with which factors."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from asyncpg import Connection

from backend.core.clock import SystemClock
from backend.core.database import Database
from backend.core.errors import (
    NotFound,
    PreconditionFailed,
    RefusedField,
    Unauthenticated,
    Unavailable,
)
from backend.core.outside import Outside
from backend.core.passwords import Passwords
from backend.core.signing import KeyRing
from backend.services.identity_providers import IdentityProviders, WantedProvider
from backend.services.mails import Mails
from backend.services.openid_client import KEYS_AGAIN_SECONDS, OpenIdClient
from backend.services.provider_sign_in import CodeNeeded, ProviderSignIn
from backend.services.second_factors import SecondFactors
from backend.services.sessions import Sessions, SignedIn
from tests.integration.identity.openid_provider import CLIENT_ID, SECRET
from tests.integration.identity.people import TOTP_SECRET, People
from tests.integration.identity.test_second_factors import code_of
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

OURS = "https://quillgate.example"
AGENT = "Firefox on Linux"


@dataclass
class Browser:
    """Somebody's browser: goes to the provider and comes back."""

    signing_in: ProviderSignIn
    tenant_id: Any
    issuer: str
    kept: str = ""
    answer: dict[str, str] | None = None

    async def goes(self, **who: Any) -> None:
        """Sign in at the provider as somebody."""
        begun = await self.signing_in.begin(self.tenant_id, "192.0.2.1")
        async with httpx.AsyncClient() as http:
            await http.post(f"{self.issuer}/_next", json=who)
            sent = await http.get(begun.url)
        query = parse_qs(urlsplit(sent.headers["Location"]).query)
        self.kept, self.answer = begun.kept, {name: query[name][0] for name in query}

    async def comes_back(self, **change: str) -> SignedIn | CodeNeeded:
        """Bring the provider's answer, perhaps with something else in it."""
        answer = {"kept": self.kept, **(self.answer or {}), **change}
        return await self.signing_in.finish(
            answer["kept"], answer["state"], answer["code"], answer.get("iss"), AGENT
        )

    async def signs_in(self, **who: Any) -> SignedIn | CodeNeeded:
        await self.goes(**who)
        return await self.comes_back()


@dataclass
class Ticking:
    """A clock for what is remembered of a provider."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def now_sessions(database: Database, keys: KeyRing) -> Sessions:
    return Sessions(database, keys, SystemClock())


@pytest.fixture
def signing_in(
    database: Database, passwords: Passwords, now_sessions: Sessions, keys: KeyRing, mails: Mails,
    ticking: Ticking,
) -> ProviderSignIn:  # fmt: skip
    clock = SystemClock()
    factors = SecondFactors(database, passwords, now_sessions, keys, clock, mails)
    client = OpenIdClient(Outside(allows_loopback=True), ticking)
    return ProviderSignIn(database, client, now_sessions, factors, keys, clock, OURS)


@pytest.fixture
def providers(database: Database, keys: KeyRing) -> IdentityProviders:
    return IdentityProviders(database, keys, allows_http=True)


@pytest.fixture
def wanted(issuer: str) -> WantedProvider:
    return WantedProvider(
        issuer, CLIENT_ID, SECRET, ("example.org",), trusts_mfa=False, is_enabled=True,
        base_version=0,
    )  # fmt: skip


@pytest.fixture
async def browser(
    signing_in: ProviderSignIn, providers: IdentityProviders, wanted: WantedProvider,
    client: Client, issuer: str,
) -> Browser:  # fmt: skip
    await providers.set(client.principal(), None, wanted)
    return Browser(signing_in, client.id, issuer)


def ann(client: Client, **change: Any) -> dict[str, Any]:
    """Return what the provider says of the client's administrator."""
    email = f"{client.admin_id}@example.org"
    return {"sub": f"ann-{client.id}", "email": email, "email_verified": True, **change}


async def test_a_verified_address_ties_a_person_once_and_their_name_there_from_then_on(
    browser: Browser, client: Client, people: People
) -> None:
    signed_in = await browser.signs_in(**ann(client))
    assert isinstance(signed_in, SignedIn)
    assert signed_in.principal.user_id == client.admin_id
    # The provider's name counts, whatever address comes with it: addresses are given to others.
    again = await browser.signs_in(**ann(client, email="other@example.org"))
    assert isinstance(again, SignedIn)
    assert again.principal.user_id == client.admin_id
    with pytest.raises(Unauthenticated):
        await browser.signs_in(**ann(client, sub="somebody-else"))
    person = await people.admin_of(client)
    await people.disable(person)
    with pytest.raises(Unauthenticated):
        await browser.signs_in(**ann(client))


async def test_nobody_is_let_in_by_an_address_that_is_unconfirmed_foreign_or_unknown(
    browser: Browser, client: Client, world: World, msp: Msp
) -> None:
    sibling = await world.client(msp)
    said = set()
    for change in (
        {"email_verified": False}, {"email_verified": "true"}, {"email": None},
        {"email": "nobody@example.org"}, {"email": f"{client.admin_id}@evil.example"},
        {"email": f"{client.admin_id}@sub.example.org"},
        {"email": f"{sibling.admin_id}@example.org"}, {"email": f"{msp.admin_id}@example.org"},
    ):  # fmt: skip
        with pytest.raises(Unauthenticated) as refused:
            await browser.signs_in(**ann(client, **change))
        said.add(refused.value.message)
    assert len(said) == 1


async def test_an_answer_belongs_to_the_browser_that_asked_and_counts_once(
    browser: Browser, client: Client, issuer: str
) -> None:
    await browser.goes(**ann(client))
    victim = replace(browser)
    await victim.goes(**ann(client))
    refused: list[dict[str, str]] = [
        {"state": "invented"}, {"kept": ""}, {"kept": "1:AAAA"}, {"code": ""},
        {"kept": victim.kept}, {"iss": "https://evil.example"},
    ]  # fmt: skip
    for change in refused:
        with pytest.raises(Unauthenticated):
            await browser.comes_back(**change)
    assert browser.answer
    with pytest.raises(Unavailable):  # another browser's verifier does not fit the code (PKCE)
        await victim.comes_back(code=browser.answer["code"])
    assert await browser.comes_back(iss=issuer)
    with pytest.raises(Unavailable):
        await browser.comes_back()
    with pytest.raises(NotFound):
        await replace(browser, tenant_id=client.admin_id).goes()


async def test_a_second_factor_of_ours_is_asked_for_unless_the_provider_is_trusted_with_it(
    browser: Browser, client: Client, people: People, providers: IdentityProviders,
    wanted: WantedProvider, clock: StandingClock,
) -> None:  # fmt: skip
    await people.admin_of(client, TOTP_SECRET)
    clock.moment = SystemClock().now()
    asked = await browser.signs_in(**ann(client, amr=["pwd", "mfa"]))
    assert isinstance(asked, CodeNeeded)
    with pytest.raises(Unauthenticated):
        await browser.signing_in.finish_with_code(asked.kept, "000000", AGENT)
    with pytest.raises(Unauthenticated):
        await browser.signing_in.finish_with_code(browser.kept, "000000", AGENT)
    code = code_of(TOTP_SECRET, clock)
    assert await browser.signing_in.finish_with_code(asked.kept, code, AGENT)
    await providers.set(
        client.principal(), None, replace(wanted, trusts_mfa=True, base_version=1, secret=None)
    )
    assert isinstance(await browser.signs_in(**ann(client, amr=["pwd", "mfa"])), SignedIn)
    assert isinstance(await browser.signs_in(**ann(client, amr=["pwd"])), CodeNeeded)


async def test_staff_need_no_second_factor_of_ours_where_theirs_was_shown_and_refreshing_keeps_it(
    signing_in: ProviderSignIn, providers: IdentityProviders, wanted: WantedProvider, msp: Msp,
    issuer: str, now_sessions: Sessions,
) -> None:  # fmt: skip
    await providers.set(msp.principal(), None, replace(wanted, trusts_mfa=True))
    browser = Browser(signing_in, msp.id, issuer)
    who = {"sub": f"m-{msp.id}", "email": f"{msp.admin_id}@example.org", "email_verified": True}
    plain = await browser.signs_in(**who)
    assert isinstance(plain, SignedIn)
    assert plain.principal.is_limited
    shown = await browser.signs_in(**who, amr=["hwk", "mfa"])
    assert isinstance(shown, SignedIn)
    assert not shown.principal.is_limited
    assert not (await now_sessions.refresh(shown.refresh_token)).principal.is_limited
    assert (await now_sessions.refresh(plain.refresh_token)).principal.is_limited


async def test_keys_may_turn_at_any_time_and_are_looked_for_once_a_minute(
    browser: Browser, client: Client, ticking: Ticking
) -> None:
    assert await browser.signs_in(**ann(client))
    with pytest.raises(Unauthenticated):
        await browser.signs_in(**ann(client), turn_keys=True)
    ticking.seconds += KEYS_AGAIN_SECONDS
    assert await browser.signs_in(**ann(client))


async def test_an_invited_person_is_accepted_and_an_untied_one_is_tied_anew(
    browser: Browser, client: Client, providers: IdentityProviders, owner: "Connection[Any]"
) -> None:
    await owner.execute("UPDATE users SET status = 'invited' WHERE id = $1", client.admin_id)
    assert await browser.signs_in(**ann(client))
    status = await owner.fetchval("SELECT status FROM users WHERE id = $1", client.admin_id)
    assert status == "active"
    await providers.untie(client.principal(), client.admin_id)
    again = await browser.signs_in(**ann(client, sub=f"new-{client.id}"))
    assert isinstance(again, SignedIn)
    assert again.principal.user_id == client.admin_id


async def test_settings_keep_the_secret_to_themselves_and_for_whom_it_was_entered(
    providers: IdentityProviders, wanted: WantedProvider, client: Client, msp: Msp, world: World,
    owner: "Connection[Any]",
) -> None:  # fmt: skip
    await providers.set(client.principal(), None, wanted)
    kept = await owner.fetchval(
        "SELECT p::text FROM identity_providers p WHERE tenant_id = $1", client.id
    )
    assert SECRET not in kept
    elsewhere = replace(wanted, issuer="https://evil.example", secret=None, base_version=1)
    with pytest.raises(RefusedField, match="secret"):
        await providers.set(client.principal(), None, elsewhere)
    with pytest.raises(PreconditionFailed):
        await providers.set(client.principal(), None, replace(wanted, base_version=0))
    for change in (
        {"issuer": "https://user@login.example.org"}, {"issuer": "https://login.example.org/?a=b"},
        {"domains": ("example",)}, {"domains": ("*.example.org",)}, {"domains": ()},
    ):  # fmt: skip
        with pytest.raises(RefusedField):
            await providers.set(client.principal(), None, replace(wanted, base_version=1, **change))  # type: ignore[arg-type]
    stranger = await world.client(await world.msp())
    with pytest.raises(NotFound):
        await providers.set(msp.principal(), stranger.id, wanted)
    await providers.remove(msp.principal(), client.id)
    with pytest.raises(NotFound):
        await providers.of(client.principal(), None)
