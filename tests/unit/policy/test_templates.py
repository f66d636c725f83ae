"""Templates mean what they promise, for the rules that exist."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.core.errors import ConfigurationError, NotFound
from backend.detection.finding import Finding
from backend.policy.actions import Action, Remedy, ServiceStatus
from backend.policy.decide import decide
from backend.policy.fields import fields_of
from backend.policy.strictness import is_action, is_milder
from backend.policy.verdict import Context, Verdict
from backend.services import shared_data
from backend.services.shared_data import template, templates

SHARED = Path(__file__).parents[3] / "shared-rules"
RULES: list[dict[str, Any]] = json.loads((SHARED / "rulebook.json").read_text("utf-8"))["rules"]
HIPAA_BLOCKS = {"government-id", "health-id", "financial-id", "card", "secret", "licence"}
TEMPLATES = [pytest.param(one, id=one.id) for one in templates().values()]


def found(family: str) -> list[Finding]:
    """Return one sure finding of each rule of a family."""
    return [
        Finding(
            rule["id"], rule["type"], rule["category"], family, rule["severity"], at, at + 1, 0.9
        )
        for at, rule in enumerate(RULES)
        if rule["family"] == family
    ]


def verdict(*findings: Finding, status: ServiceStatus = ServiceStatus.TOLERATED) -> Verdict:
    return decide(findings, template("hipaa").policy, Context(status))


@pytest.mark.parametrize("one", TEMPLATES)
def test_a_template_fits_the_schema(one: shared_data.Template) -> None:
    schema = json.loads((SHARED / "schema/policy.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(one.policy.document())
    assert one.why
    assert one.source


@pytest.mark.parametrize("one", TEMPLATES)
def test_a_template_names_only_types_and_rules_that_exist(one: shared_data.Template) -> None:
    assert set(one.policy.entities) <= {rule["type"] for rule in RULES}
    assert set(one.policy.rules) <= {rule["id"] for rule in RULES}


@pytest.mark.parametrize("one", TEMPLATES)
def test_every_template_blocks_every_secret(one: shared_data.Template) -> None:
    for finding in found("secret"):
        assert decide([finding], one.policy, Context()).action is Action.BLOCK


@pytest.mark.parametrize("family", sorted(HIPAA_BLOCKS))
def test_hipaa_blocks_official_health_and_financial_ids_cards_and_secrets(family: str) -> None:
    assert found(family)
    for finding in found(family):
        assert verdict(finding).action is Action.BLOCK


@pytest.mark.parametrize(
    ("family", "action"),
    [
        ("contact", Action.WARN),
        ("name", Action.FLAG),
        ("location", Action.FLAG),
        ("health-term", Action.ALLOW),
    ],
)
def test_hipaa_answers_a_lone_finding_mildly(family: str, action: Action) -> None:
    assert found(family)
    for finding in found(family):
        assert verdict(finding).action is action


@pytest.mark.parametrize("one", [one for one in TEMPLATES if one.id != "hipaa-strict"])
def test_dates_and_web_addresses_pass_in_silence(one: shared_data.Template) -> None:
    everyday = [
        finding
        for finding in (*found("date"), *found("network"))
        if finding.type == "DATE" or finding.rule.startswith("web-address")
    ]
    assert {finding.type for finding in everyday} == {"DATE", "URL"}
    verdict = decide(everyday, one.policy, Context(ServiceStatus.TOLERATED))
    assert verdict.action is Action.ALLOW


@pytest.mark.parametrize("family", ["name", "contact"])
def test_hipaa_blocks_a_person_beside_a_health_term(family: str) -> None:
    person, term = found(family)[0], found("health-term")[0]
    together = verdict(person, term)
    assert together.action is Action.BLOCK
    assert [together.findings[n].family for n in together.to_redact] == [family]


def test_hipaa_offers_every_way_out_at_a_tolerated_service() -> None:
    assert verdict(found("health-id")[0]).remedies == (
        Remedy.REDACT,
        Remedy.REDIRECT,
        Remedy.REQUEST_EXCEPTION,
        Remedy.REPORT_FALSE_POSITIVE,
    )


def test_a_template_nobody_wrote_is_not_found() -> None:
    with pytest.raises(NotFound, match="hipaa"):
        template("strict")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id = ", "not TOML"),
        ('id = "x"', "version"),
        ('version = 1\n[document]\nformat = 1\nname = "x"\ncolour = 1', "colour"),
    ],
)
def test_a_damaged_template_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/x.toml").write_text(content, "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        templates(tmp_path)


CONTROLS = {
    f"{content['id']}:{control['id']}"
    for path in (SHARED / "frameworks").glob("*.toml")
    for content in [tomllib.loads(path.read_text("utf-8"))]
    for control in content.get("controls", ())
}


@pytest.mark.parametrize("one", TEMPLATES)
def test_a_template_names_controls_that_exist_for_fields_that_it_sets(
    one: shared_data.Template,
) -> None:
    fields = fields_of(one.policy.document())
    assert set(one.controls) <= fields.keys()
    assert {control for named in one.controls.values() for control in named} <= CONTROLS


@pytest.mark.parametrize("one", TEMPLATES)
def test_a_template_speaks_the_languages_it_lists(one: shared_data.Template) -> None:
    assert set(one.languages) == {"en", *one.policy.translations}
    for words in one.policy.translations.values():
        assert set(words) == {Action.WARN, Action.BLOCK}


def test_every_kind_of_organisation_of_the_brief_has_a_template() -> None:
    wanted = {"hipaa", "hipaa-strict", "soc2", "gdpr", "pci", "general", "developers"}
    assert wanted <= templates().keys()


def test_hipaa_strict_is_never_milder_than_hipaa() -> None:
    balanced = fields_of(template("hipaa").policy.document())
    strict = fields_of(template("hipaa-strict").policy.document())
    milder = {
        path
        for path, value in balanced.items()
        if is_action(path) and path in strict and is_milder(path, strict[path], value)
    }
    assert milder == set()


def test_the_strictest_template_notes_every_date_as_safe_harbor_counts_them() -> None:
    strict = templates()["hipaa-strict"]
    dates = [finding for finding in found("date") if finding.type == "DATE"]
    assert decide(dates, strict.policy, Context(ServiceStatus.TOLERATED)).action is Action.FLAG


@pytest.mark.parametrize("one", TEMPLATES)
def test_a_name_that_only_the_model_marks_stops_nobody(one: shared_data.Template) -> None:
    marked = [
        Finding(
            rule["id"], rule["type"], rule["category"], rule["family"], "medium", n, n + 1, 0.59
        )
        for n, rule in enumerate(RULES)
        if rule["recognizer"] == "model"
    ]
    assert len(marked) == 4
    assert decide(marked, one.policy, Context(ServiceStatus.TOLERATED)).action <= Action.FLAG
