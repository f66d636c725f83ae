"""Templates as their pages show them: who inherits, what is said, which controls that serves."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from quart import url_for

from backend.console.layer_form import LayerDraft
from backend.console.layer_view import layer_view
from backend.console.layer_words import field_label, field_value
from backend.console.times import Moment, moment
from backend.policy.fields import fields_of
from backend.services.frameworks import frameworks
from backend.services.policy_departures import Heir
from backend.services.policy_layers import LayerVersion
from backend.services.shared_data import Template, templates

_OTHERS: Final = "Also part of it"
_UNSHOWN: Final = frozenset({"name", "translations"})


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One template in a list, with how many clients it reaches."""

    name: str
    href: str
    note: str
    version: int
    updated: Moment | None
    heirs: int
    frameworks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeirRow:
    """One client that inherits from a template."""

    client: str
    href: str
    version: int
    departures: int
    fields: str
    departures_href: str


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One field of a template of Quillgate."""

    label: str
    example: str
    value: str
    action: str
    """Where the value is an action, for its colour."""
    controls: tuple[str, ...]


def own_rows(layers: Sequence[LayerVersion], heirs: Sequence[Heir]) -> tuple[TemplateRow, ...]:
    """Return the templates of an MSP, those that reach most first."""
    counts: Counter[UUID | None] = Counter(one.template_id for one in heirs)
    titles = {name: one.title for name, one in templates().items()}
    rows = [
        TemplateRow(
            one.name, url_for("console.template", layer_id=one.id),
            f"made for clients on {titles.get(one.template, one.template)}", one.version,
            moment(one.updated_at), counts[one.id],
        )
        for one in layers
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.heirs, row.name)))


def platform_rows(heirs: Sequence[Heir]) -> tuple[TemplateRow, ...]:
    """Return the templates of Quillgate."""
    counts = Counter(one.base for one in heirs)
    names = {one.id: one.name for one in frameworks().values()}
    return tuple(
        TemplateRow(
            one.title, url_for("console.platform_template", name=one.id), one.why, one.version,
            None, counts[one.id], tuple(names[name] for name in one.frameworks if name in names),
        )
        for one in templates().values()
    )  # fmt: skip


def heir_rows(heirs: Sequence[Heir]) -> tuple[HeirRow, ...]:
    """Return the clients that inherit from a template, by name."""
    return tuple(
        HeirRow(
            one.client, url_for("console.policy", client_id=one.client_id), one.version,
            len(one.departures), _listed([field_label(it.field) for it in one.departures]),
            url_for("console.departures", client_id=one.client_id),
        )
        for one in heirs
    )  # fmt: skip


def _listed(names: Sequence[str], shown: int = 3) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def controls_of(found: Template) -> Mapping[str, tuple[str, ...]]:
    """Return which controls each field of a template serves: number and title."""
    return {path: tuple(_control(name) for name in names) for path, names in found.controls.items()}


def _control(name: str) -> str:
    """Return a control with its framework and title; a number alone says nothing."""
    framework_id, _, control_id = name.partition(":")
    framework = frameworks().get(framework_id)
    control = framework.controls.get(control_id) if framework else None
    if framework is None or control is None:
        return name
    return f"{framework.name} {control.id}: {control.title}"


def said_rows(found: Template) -> tuple[tuple[str, tuple[SaidRow, ...]], ...]:
    """Return everything that a template says, by section."""
    document, controls = found.policy.document(), controls_of(found)
    fields = fields_of(document)
    view = layer_view(document, LayerDraft())

    def row(path: str, label: str, example: str) -> SaidRow:
        value = field_value(path, fields[path])
        action = value if value in {"allow", "flag", "warn", "block"} else ""
        return SaidRow(label, example, value, action, controls.get(path, ()))

    formed = [
        (
            section.title,
            tuple(row(one.path, one.label, one.example) for one in section.fields if one.text),
        )
        for section in view.sections
    ]
    shown = {one.path for section in view.sections for one in section.fields}
    rest = tuple(
        row(path, field_label(path), "")
        for path, value in sorted(fields.items())
        if path not in shown and path.partition(".")[0] not in _UNSHOWN and value not in (None, "")
    )
    return tuple(section for section in (*formed, (_OTHERS, rest)) if section[1])
