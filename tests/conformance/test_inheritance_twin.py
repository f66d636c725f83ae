"""Both engines make the same policy of the same layers, and give the same reasons."""

import json
import subprocess
from dataclasses import asdict
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.policy.inheritance import Effective
from backend.policy.layers import Layer
from tests.conformance.javascript import HERE, NODE
from tests.unit.policy.layered import KINDS, chains, resolved

Chain = list[Layer]


class Cases(list[Chain]):
    """Many chains for one run of node; hypothesis would write them all out.

    Not more than one example of hypothesis holds: it throws away what becomes too long.
    """

    def __repr__(self) -> str:
        return f"{len(self)} chains"


def answers_of_javascript(cases: Cases) -> list[dict[str, Any]]:
    lines = [
        json.dumps(
            {
                "kinds": KINDS,
                "layers": [
                    {
                        "origin": asdict(one.origin),
                        "fields": dict(one.fields),
                        "locks": dict(one.locks),
                        "passes": sorted(one.passes),
                    }
                    for one in case
                ],
            }
        )
        for case in cases
    ]
    ran = subprocess.run(
        [str(NODE), str(HERE / "inherit_lines.mjs")],
        input="\n".join(lines) + "\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines()]


def as_json(found: Effective) -> Any:
    said = {
        "document": found.document,
        "provenance": {path: asdict(one) for path, one in found.provenance.items()},
        "refused": [asdict(one) for one in found.refused],
        "fields": found.fields,
    }
    return json.loads(json.dumps(said))


@settings(
    max_examples=25, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)  # fmt: skip
@given(st.lists(chains(), min_size=12, max_size=12).map(Cases))
def test_the_twin_makes_the_same_of_the_same_layers(cases: Cases) -> None:
    for case, theirs in zip(cases, answers_of_javascript(cases), strict=True):
        assert theirs.pop("isAssociative")
        assert theirs == as_json(resolved(case))
