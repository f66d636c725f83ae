"""Why a change to a policy is not published, in the same words wherever it was made."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backend.core.errors import (
    Conflict,
    NotFound,
    PreconditionFailed,
    RefusedField,
)
from backend.policy.inheritance import Refusal
from backend.policy.layers import Mode
from backend.policy.merging import Merge
from backend.policy.validation import PolicyError


class NeedsApproval(Conflict):
    """The change protects less, and the policy asks for a second person then."""

    code = "policy-needs-approval"

    def __init__(self, weakens: tuple[str, ...]) -> None:
        super().__init__(
            f"Nothing was published: {', '.join(weakens[:5])} would protect less, which a second "
            "person has to approve. Propose the change; somebody else who may publish decides."
        )
        self.weakens = weakens


class StaleVersion(PreconditionFailed):
    """Somebody published meanwhile; `merge` says what they changed, where that is known."""

    code = "policy-stale"

    def __init__(self, current: int, base: int, merge: Merge | None = None) -> None:
        super().__init__(
            f"It is at version {current}, your change was made on version {base}, so it was not "
            f"published. Read version {current}, decide again, and publish on top of it."
        )
        self.current = current
        self.merge = merge

    @property
    def members(self) -> Mapping[str, Any]:
        """What is in force, and by field what others changed, what you want, where both meet."""
        if self.merge is None:
            return {"current_version": self.current}
        return {
            "current_version": self.current,
            "theirs": [asdict(one) for one in self.merge.theirs],
            "mine": [asdict(one) for one in self.merge.mine],
            "conflicts": list(self.merge.conflicts),
        }


def no_such_policy() -> NotFound:
    """Return what to raise for a policy that is not there, or not the caller's."""
    return NotFound("There is no such policy. List policies to find its id.")


def no_such_layer() -> NotFound:
    """Return what to raise for a layer that is not there, or not the caller's."""
    return NotFound("There is no such layer of a policy. List layers to find its id.")


def unchanged() -> Conflict:
    """Return what to raise for a change that changes nothing."""
    return Conflict(
        "Nothing was published: the policy already says everything in the change.",
        code="policy-unchanged",
    )


def refused(error: PolicyError) -> RefusedField:
    """Return what to raise for a document that gives no policy, naming the field."""
    return RefusedField(
        f"Nothing was published: {error}.", error.field, error.why, code="policy-invalid"
    )


def refuse_stale(base_version: int, current_version: int) -> None:
    """Raise StaleVersion unless the change was made on the version in force."""
    if base_version != current_version:
        raise StaleVersion(current_version, base_version)


def refuse_locked(refusal: Refusal | None) -> None:
    """Raise RefusedField for a wish that a lock further up refused, naming whose it is."""
    if refusal is None:
        return
    how = "locked" if refusal.mode == Mode.LOCKED else "held to be no milder"
    why = (
        f"is {how} by {refusal.by.name}, version {refusal.by.version}, and stays {refusal.held}"
        if isinstance(refusal.held, str)
        else f"is {how} by {refusal.by.name}, version {refusal.by.version}"
    )
    raise RefusedField(
        f"Nothing was published: {refusal.field} {why}. Ask whoever set the lock, or leave this "
        "field out.",
        refusal.field,
        why,
        code="policy-locked",
    )
