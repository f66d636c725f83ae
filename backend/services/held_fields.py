"""Whether what stopped a prompt is held by a lock: then an exception needs two people."""

from collections.abc import Iterable, Sequence

from backend.policy.actions import ServiceStatus
from backend.policy.inheritance import Effective
from backend.policy.layers import Mode
from backend.policy.policy import Policy
from backend.policy.taxonomy import Taxonomy


def is_held(
    effective: Effective, policy: Policy, taxonomy: Taxonomy, rules: Sequence[str],
    status: ServiceStatus,
) -> bool:  # fmt: skip
    """Return whether a field that stops these rules' findings is locked, or has a floor."""
    known = taxonomy.with_own([effective.document]).kinds
    kinds = [kind for kind in known if kind[0] in rules]
    families = {family for _, _, family, _ in kinds}
    fields = {step for kind in kinds for step in _deciding(kind, effective)}
    fields |= set(_combined(effective, families))
    field, action = policy.services.setting_for(status)
    if action.stops:
        fields.add(field)
    return any(
        effective.provenance[name].mode != Mode.DEFAULT
        for name in fields
        if name in effective.provenance
    )


def _deciding(kind: tuple[str, str, str, str], effective: Effective) -> Iterable[str]:
    """Yield the one setting that decides about a kind of finding."""
    rule, entity, family, category = kind
    steps = (
        f"rules.{rule}", f"entities.{entity}", f"families.{family}", f"categories.{category}",
        "default_action",
    )  # fmt: skip
    decides = next((step for step in steps if step in effective.provenance), None)
    if decides is not None:
        yield decides


def _combined(effective: Effective, families: set[str]) -> Iterable[str]:
    """Yield the combinations whose both sides were found."""
    for name in effective.provenance:
        if name.startswith("combinations."):
            sides = name.removeprefix("combinations.").split("/")
            if all(families & set(side.split("+")) for side in sides):
                yield name
