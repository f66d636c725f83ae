"""The two pages of a client's own rules: all of them, and the form of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from quart import url_for

from backend.console.own_rule_form import fields_of_entry
from backend.console.own_rule_values import kept_text
from backend.console.own_rule_view import Trial, own_rules, trial_of
from backend.console.own_rule_words import (
    ALLOWED,
    EXAMPLES,
    KINDS,
    KINDS_OF_DATA,
    SEVERITIES,
    VALUES,
    Kind,
)
from backend.console.policy_changes import VersionRow, version_rows
from backend.console.policy_form import Document
from backend.console.policy_pages import done
from backend.console.policy_words import titled
from backend.console.room import services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import visitor
from backend.core.errors import NotFound
from backend.detection.custom.rules import FAMILY, TYPE
from backend.detection.custom.trial import ordinary_texts
from backend.policy.reading import read_policy
from backend.services.custom_detections import ValueDigest
from backend.services.policy_lookup import PolicyLayer
from backend.services.prompt_analysis import LONGEST_TEXT

VERSIONS_LOOKED_AT: Final = 20


@dataclass(frozen=True, slots=True)
class OwnRuleForm:
    """What the form of one entry shows; without `typed`, the entry as it is published."""

    kind: Kind
    key: str = ""
    typed: Mapping[str, str] | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    new: Sequence[ValueDigest] = ()
    trial: Trial | None = None
    since: int | None = None


def kind_of(part: str) -> Kind:
    """Return the kind of entries an address names. Raise NotFound."""
    if part not in KINDS:
        raise NotFound("There is no such page. Go to the start of the console.")
    return KINDS[part]


async def list_page(
    client_id: UUID,
    *,
    published: str = "",
    sample: str = "",
    is_trial: bool = False,
    problem: Notice | None = None,
    meanwhile_since: int | None = None,
) -> str:
    """Return all entries; with a trial, what is found in `sample` too."""
    client = await services().clients.one(visitor(), client_id)
    layer = await _newest(client_id)
    policy = read_policy(layer.document, layer.version)
    return await screen(
        "own_rules.html",
        "Own rules",
        client=client,
        version=layer.version,
        kinds=own_rules(layer.document, policy, services().clock.now().date()),
        action=str(policy.families.get(FAMILY, "")),
        may_publish=visitor().may("policy:publish"),
        policy_href=url_for("console.policy", client_id=client_id),
        here=url_for("console.own_rules", client_id=client_id),
        meanwhile=await _meanwhile(layer, meanwhile_since),
        sample=sample,
        longest_sample=LONGEST_TEXT,
        trial=await tried(client_id, layer.document, sample) if is_trial else None,
        problem=problem,
        done=done(published, layer.version),
    )


async def form_page(client_id: UUID, form: OwnRuleForm, problem: Notice | None = None) -> str:
    """Return the form of one entry over the newest version."""
    client = await services().clients.one(visitor(), client_id)
    layer = await _newest(client_id)
    part = form.kind.part
    entry = layer.document["custom"][part].get(form.key)
    if form.key and entry is None and form.typed is None:
        raise NotFound("There is no such rule any more. Go to Own rules.")
    typed = form.typed or {}
    shown = {**fields_of_entry(part, entry), **typed}
    title = f"Change “{(entry or shown)['name']}”" if form.key else f"New {form.kind.one.lower()}"
    return await screen(
        "own_rule.html",
        title,
        client=client,
        version=layer.version,
        kind=form.kind,
        key=form.key,
        shown=shown,
        errors=form.errors,
        has_values=part in {VALUES, ALLOWED},
        listed=len(entry["digests"]) if entry and part in {VALUES, ALLOWED} else 0,
        new_count=len(form.new),
        kept=kept_text(form.new),
        severities=SEVERITIES,
        kinds_of_data=KINDS_OF_DATA,
        examples=EXAMPLES,
        ordinary_count=len(ordinary_texts()),
        known_types=_known_types(),
        today=services().clock.now().date().isoformat(),
        save_href=url_for("console.change_own_rule", client_id=client_id, part=part),
        list_href=(list_href := url_for("console.own_rules", client_id=client_id)),
        fresh_href=f"{list_href}/{part}/{form.key}".rstrip("/"),
        meanwhile=await _meanwhile(layer, form.since),
        has_draft=form.typed is not None,
        sample=shown.get("sample", ""),
        longest_sample=LONGEST_TEXT,
        trial=form.trial,
        reason=shown.get("reason", ""),
        problem=problem,
    )


async def tried(client_id: UUID, document: Document, sample: str) -> Trial:
    """Return what a policy's document finds in a text. Raise InvalidInput for one too long."""
    policy = read_policy(document)
    verdict = await services().prompt_analysis.try_out(visitor(), client_id, policy, sample)
    return trial_of(sample, verdict, policy)


async def _newest(client_id: UUID) -> PolicyLayer:
    return (await services().policy_lookup.chain(visitor(), client_id))[-1]


async def _meanwhile(layer: PolicyLayer, since: int | None) -> list[VersionRow]:
    if since is None:
        return []
    versions = await services().policy_history.versions(
        visitor(), UUID(layer.id), None, VERSIONS_LOOKED_AT + 1
    )
    return [row for row in version_rows(versions, VERSIONS_LOOKED_AT) if row.number > since]


def _known_types() -> list[tuple[str, Any]]:
    names = {rule.type for rule in services().rulebook.rules} | {TYPE}
    return sorted((name, titled(name)) for name in names)
