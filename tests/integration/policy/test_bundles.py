"""A bundle is signed, complete, built once per content, and renewed before it expires."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from backend.core.database import Database
from backend.core.errors import Forbidden
from backend.core.signing import KeyRing, SigningKey
from backend.policy.reading import read_policy
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.custom_detections import CustomDetections
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.shipped_rulebook import ShippedRulebook
from backend.services.sync_bundles import SignedBundle, SyncBundles
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

KEYS = KeyRing.from_master(b"m" * 32)
KEY = KEYS.bundles
RULEBOOK = json.dumps({"format": 1, "version": "0123456789abcdef", "rules": []}).encode()
Bundles = Callable[..., SyncBundles]


@pytest.fixture
def bundles(database: Database, lookup: PolicyLookup, clock: StandingClock) -> Bundles:
    def make(rulebook: bytes = RULEBOOK, key: SigningKey = KEY) -> SyncBundles:
        adapters = [{"id": "example", "hosts": ["chat.example"]}]
        registry = AiServiceRegistry(database)
        custom = CustomDetections(KEYS)
        return SyncBundles(
            lookup, registry, ShippedRulebook(rulebook), adapters, key, clock, custom
        )

    return make


async def test_the_signature_is_over_the_text_that_is_sent(
    bundles: Bundles, client: Client, world: World
) -> None:
    sent = json.loads((await bundles().bundle(await _device(world, client))).body)
    signature = base64.urlsafe_b64decode(sent["signature"] + "==")
    KEY.public.verify(signature, sent["bundle"].encode())
    with pytest.raises(InvalidSignature):
        KEY.public.verify(signature, sent["bundle"].replace("block", "allow").encode())
    assert (sent["format"], sent["key_id"]) == (1, KEY.key_id)


async def test_the_bundle_says_everything_an_extension_enforces(
    bundles: Bundles, client: Client, world: World, clock: StandingClock
) -> None:
    service = await world.ai_service(["chat.example"])
    await world.approval(client, service, "tolerated")
    said = _opened(await bundles().bundle(await _device(world, client)))
    assert (said["format"], said["tenant"], said["client_name"]) == (1, str(client.id), "Lakeside")
    assert said["policy"]["version"] == 1
    assert read_policy(said["policy"]["document"], 1).name == "HIPAA"
    assert {
        "id": service,
        "name": "Example Chat",
        "hosts": ["chat.example"],
        "status": "tolerated",
    } in said["ai_services"]
    assert said["adapters"] == [{"id": "example", "hosts": ["chat.example"]}]
    assert said["rulebook_version"] == said["rulebook"]["version"] == "0123456789abcdef"
    assert said["issued"] == clock.now().isoformat()
    assert said["expires"] == (clock.now() + timedelta(hours=24)).isoformat()


async def test_the_bundle_is_canonical_json(bundles: Bundles, client: Client, world: World) -> None:
    sent = json.loads((await bundles().bundle(await _device(world, client))).body)
    again = json.dumps(
        json.loads(sent["bundle"]), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert sent["bundle"] == again


async def test_the_same_content_is_built_once(
    bundles: Bundles, client: Client, world: World, clock: StandingClock
) -> None:
    service, device = bundles(), await _device(world, client)
    first = await service.bundle(device)
    clock.moment += timedelta(seconds=5)
    assert await service.bundle(device) is first


async def test_who_holds_this_bundle_gets_no_body(
    bundles: Bundles, client: Client, world: World
) -> None:
    service, device = bundles(), await _device(world, client)
    first = await service.bundle(device)
    assert (await service.bundle(device, held=first.etag)).is_unchanged
    assert not (await service.bundle(device, held="another")).is_unchanged


async def test_two_processes_give_the_same_content_the_same_tag(
    bundles: Bundles, client: Client, world: World
) -> None:
    device = await _device(world, client)
    assert (await bundles().bundle(device)).etag == (await bundles().bundle(device)).etag


async def test_a_held_bundle_is_renewed_within_six_hours(
    bundles: Bundles, client: Client, world: World, clock: StandingClock
) -> None:
    service, device = bundles(), await _device(world, client)
    first = await service.bundle(device)
    clock.moment += timedelta(hours=6)
    renewed = await service.bundle(device, held=first.etag)
    assert _opened(renewed)["issued"] == clock.now().isoformat()


async def test_a_new_policy_version_is_a_new_bundle(
    bundles: Bundles, publishing: PolicyPublishing, client: Client, world: World
) -> None:
    service, device = bundles(), await _device(world, client)
    first = await service.bundle(device)
    await publishing.publish(
        client.principal(), client.policy_id, 1, "Why", {"default_action": "flag"}
    )
    second = await service.bundle(device, held=first.etag)
    assert _opened(second)["policy"]["version"] == 2


async def test_a_new_rulebook_is_a_new_bundle(
    bundles: Bundles, client: Client, world: World
) -> None:
    device = await _device(world, client)
    newer = json.dumps({"format": 1, "version": "fedcba9876543210", "rules": []}).encode()
    first, second = await bundles().bundle(device), await bundles(newer).bundle(device)
    assert first.etag != second.etag


async def test_a_bundle_with_its_rulebook_apart_names_it_by_the_digest_of_its_text(
    bundles: Bundles, client: Client, world: World
) -> None:
    service, device, rulebook = bundles(), await _device(world, client), ShippedRulebook(RULEBOOK)
    whole, apart = (
        await service.bundle(device),
        await service.bundle(device, is_rulebook_apart=True),
    )
    assert await service.bundle(device, is_rulebook_apart=True) is apart
    assert not (await service.bundle(device, whole.etag, is_rulebook_apart=True)).is_unchanged
    said = _opened(whole)
    assert said.pop("rulebook") == json.loads(rulebook.body)
    assert _opened(apart) == said
    assert said["rulebook_digest"] == _digest(rulebook.body)


async def test_clients_never_share_a_bundle(
    bundles: Bundles, client: Client, world: World, msp: Msp
) -> None:
    service, sibling = bundles(), await world.client(msp)
    first = await service.bundle(await _device(world, client))
    second = await service.bundle(await _device(world, sibling), held=first.etag)
    assert _opened(second)["tenant"] == str(sibling.id)


async def test_a_person_gets_no_bundle(bundles: Bundles, client: Client, msp: Msp) -> None:
    for principal in (client.principal(), msp.principal()):
        with pytest.raises(Forbidden):
            await bundles().bundle(principal)


def _opened(bundle: SignedBundle) -> Any:
    return json.loads(json.loads(bundle.body)["bundle"])


async def _device(world: World, client: Client) -> Any:
    return client.device(await world.device(client))


def _digest(text: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()
