"""Both engines answer the shared policy vectors; this is the Python one."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.policy.actions import ServiceStatus
from backend.policy.decide import decide
from backend.policy.reading import read_policy
from backend.policy.verdict import Context, Verdict
from tests.unit.policy.worlds import a_finding

FILES = sorted((Path(__file__).parents[3] / "shared-rules/vectors/policy").glob("*.json"))
VECTORS = [
    pytest.param(vector, id=f"{path.stem}: {vector['name']}")
    for path in FILES
    for vector in json.loads(path.read_text(encoding="utf-8"))
]


def as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "action": verdict.action.value,
        "findings": [{"rule": f.rule, "start": f.start, "end": f.end} for f in verdict.findings],
        "policy_version": verdict.policy_version,
        "rulebook_version": verdict.rulebook_version,
        "remedies": [remedy.value for remedy in verdict.remedies],
        "message": verdict.message,
        "provenance": [
            {"field": reason.field, "action": reason.action.value, "findings": [*reason.findings]}
            for reason in verdict.provenance
        ],
        "to_redact": [*verdict.to_redact],
    }


@pytest.mark.parametrize("vector", VECTORS)
def test_vector_gets_its_verdict(vector: dict[str, Any]) -> None:
    policy = read_policy(vector["policy"], vector["policy_version"])
    context = vector["context"]
    verdict = decide(
        [a_finding(**finding) for finding in vector["findings"]],
        policy,
        Context(
            service_status=ServiceStatus(context["service_status"]),
            channel=context["channel"],
            rulebook_version=context["rulebook_version"],
        ),
    )
    assert as_json(verdict) == vector["verdict"]


def test_there_are_vectors_with_distinct_names() -> None:
    names = [vector.id for vector in VECTORS]
    assert len(names) >= 50
    assert len(set(names)) == len(names)
