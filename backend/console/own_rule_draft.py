"""One entry of a client's own rules being changed: what was typed, and what it would publish."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from backend.console.own_rule_form import Document, Entry, entry_of, key_for, refused
from backend.console.own_rule_values import PasteFault, kept_digests, pasted, together
from backend.console.own_rule_words import ALLOWED, KINDS, VALUES
from backend.console.policies import NOBODY
from backend.console.policy_form import base_version
from backend.console.policy_pages import version_of
from backend.console.room import services
from backend.console.visitors import visitor
from backend.core.errors import NotFound
from backend.detection.custom.rules import TYPE
from backend.services.custom_detections import ValueDigest


@dataclass(slots=True)
class Draft:
    """One entry being changed, as far as it could be read."""

    client_id: UUID
    part: str
    typed: Mapping[str, str]
    base: int = 0
    policy_id: UUID = NOBODY
    document: Document = field(default_factory=dict)
    new: list[ValueDigest] = field(default_factory=list)
    key: str = ""
    entry: Entry | None = None
    is_digested: bool = False

    @property
    def own_key(self) -> str:
        """The id of the entry as the form names it; nothing for a new one."""
        return self.typed.get("key", "")

    @property
    def named(self) -> Mapping[str, str]:
        """What was typed; a text may be tried before the rule has a name."""
        is_nameless = self.typed.get("step") == "try" and not self.typed.get("name", "").strip()
        return {**self.typed, "name": KINDS[self.part].one} if is_nameless else self.typed

    @property
    def before(self) -> Document | None:
        """The entry as it is published."""
        found: Document | None = self.document["custom"][self.part].get(self.own_key)
        return found

    @property
    def is_removal(self) -> bool:
        """Whether the entry is to go."""
        return bool(self.typed.get("removes")) and self.typed.get("step") != "edit"

    @property
    def patch(self) -> dict[str, Any]:
        """What is published."""
        return {"custom": {self.part: {self.key: self.entry}}}


async def read_draft(draft: Draft) -> None:
    """Understand what was typed, keeping what was understood before something is wrong."""
    draft.new = kept_digests(draft.typed.get("kept", ""))
    draft.base = base_version(draft.typed)
    if draft.typed.get("removes") and not draft.is_removal:
        return
    draft.policy_id, document = await version_of(draft.client_id, draft.base)
    draft.document = document
    draft.key = draft.own_key
    if draft.is_removal:
        if draft.before is None:
            raise NotFound("There is no such rule any more. Reload the page.")
        return
    if draft.part in {VALUES, ALLOWED}:
        draft.new = together(draft.new, await _digested(draft))
        draft.is_digested = True
    draft.key = draft.own_key or key_for(draft.typed.get("name", ""), document["custom"])
    draft.entry = entry_of(draft.part, draft.named, draft.before, draft.new)
    _refuse_unknown_type(draft.entry.get("type"))


async def _digested(draft: Draft) -> list[ValueDigest]:
    try:
        values = pasted(draft.typed.get("values", ""))
    except PasteFault as fault:
        raise refused("values", str(fault)) from None
    salt = await services().policy_lookup.salt(visitor(), draft.client_id)
    return await asyncio.to_thread(
        services().custom_detections.digests, draft.client_id, values, salt
    )


def _refuse_unknown_type(name: str | None) -> None:
    known = {rule.type for rule in services().rulebook.rules} | {TYPE}
    if name is not None and name not in known:
        raise refused("type", "There is no such type. Choose one of the list, or leave it empty.")
