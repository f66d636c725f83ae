"""Where each field of a policy has its value from: the template, or a version and its author."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.console.policy_values import value_in_words
from backend.policy.provenance import leaves
from backend.services.policy_history import PolicyVersion
from backend.services.policy_lookup import PolicyLayer


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from, and how that is shown."""

    words: str
    look: str


NOT_PUBLISHED = Origin("not published yet", "draft")
NOWHERE = Origin("", "")


def origins_of(
    chain: Sequence[PolicyLayer], versions: Sequence[PolicyVersion]
) -> Callable[[str], Origin]:
    """Return what says where a field of the newest version comes from."""
    layer, below = chain[-1], chain[-2] if len(chain) > 1 else None
    template = dict(leaves(below.document)) if below else {}

    def origin(path: str) -> Origin:
        where = layer.provenance.get(path)
        if where is None:
            return NOWHERE
        if where != layer.layer and below:
            return Origin(f"from the {below.name} template", "inherited")
        return Origin(_set(path, versions) + _instead(path, template), "set")

    return origin


def setter(path: str, versions: Sequence[PolicyVersion]) -> PolicyVersion | None:
    """Return the version since which a field has its value; None when that is too long ago.

    `versions` come newest first.
    """
    values = [dict(leaves(version.document)).get(path) for version in versions]
    for version, older in zip(versions[:-1], values[1:], strict=True):
        if older != values[0]:
            return version
    return versions[-1] if versions and versions[-1].version == 1 else None


def _set(path: str, versions: Sequence[PolicyVersion]) -> str:
    since = setter(path, versions)
    return f"set in version {since.version} by {since.author}" if since else "set for this client"


def _instead(path: str, template: Mapping[str, object]) -> str:
    if path not in template:
        return ""
    return f"; the template says {value_in_words(path, template[path])}"
