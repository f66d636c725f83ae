"""Both engines let the same pass under an exception, and find the same words without effort."""

import dataclasses
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from backend.policy.actions import CATEGORIES, FAMILIES, Action, ServiceStatus
from backend.policy.decide import decide
from backend.policy.exemptions import Exemption
from backend.policy.justification import is_low_effort
from backend.policy.reading import read_policy
from backend.policy.verdict import Context
from tests.unit.policy.worlds import RULES, TYPES, a_document, a_finding

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WORDS = (
    "", "ok ok", "The insurer asks for it today.", "asdf jkl asdf jkl qwer", "aaaa bbbb cccc dddd",
    "保険会社が今日中に必要です", "保険保険保険保険", "La aseguradora lo pide", "1 2 3 4 5 6 7",
    "Straßenverkehrsamt braucht das", "İstanbul için gerekli bir şey", "ตัวอย่างข้อความที่จำเป็น",
    "don't won't can't shan't", "x-y-z x-y-z x-y-z x-y-z",
)  # fmt: skip


def _document(chance: Random) -> dict[str, Any]:
    actions = [action.value for action in Action]
    first, second, third = chance.sample(FAMILIES, 3)
    return a_document(
        default_action=chance.choice(actions),
        families={first: {"action": chance.choice(actions)}},
        entities={"PERSON": {"action": chance.choice(actions)}},
        combinations=[{"families": [second], "with_families": [first, third], "action": "block"}],
        services={"unapproved": "warn", "prohibited": "block"},
    )


def _question(chance: Random) -> dict[str, Any]:
    document = _document(chance)
    near = [*FAMILIES, *document["families"], *document["combinations"][0]["families"]] * 2
    findings = [
        dataclasses.asdict(
            a_finding(
                rule=chance.choice(RULES), type=chance.choice(TYPES), family=chance.choice(near),
                category=chance.choice(CATEGORIES), severity=chance.choice(("low", "high")),
                start=place * 10, end=place * 10 + 5,
            )
        )
        for place in range(chance.randrange(5))
    ]  # fmt: skip
    exemptions = [
        Exemption(
            f"e{number}", chance.choice(("chatgpt", "claude")),
            frozenset(chance.sample(TYPES, chance.randrange(4))), chance.random() < 0.3,
            NOW + timedelta(minutes=chance.choice((-5, 0, 5))),
        ).document()
        for number in range(chance.randrange(4))
    ]  # fmt: skip
    context = {
        "service_status": chance.choice(list(ServiceStatus)).value, "service": "chatgpt",
        "moment": NOW.isoformat(), "exemptions": exemptions,
    }  # fmt: skip
    return {"findings": findings, "policy": document, "context": context}


def _python(question: dict[str, Any]) -> dict[str, Any]:
    said = question["context"]
    exemptions = tuple(
        Exemption(
            one["id"], one["service"], frozenset(one["kinds"]), one["with_service"],
            datetime.fromisoformat(one["until"]),
        )
        for one in said["exemptions"]
    )  # fmt: skip
    context = Context(
        ServiceStatus(said["service_status"]), service=said["service"], moment=NOW,
        exemptions=exemptions,
    )  # fmt: skip
    findings = [a_finding(**finding) for finding in question["findings"]]
    verdict = decide(findings, read_policy(question["policy"]), context)
    return {
        "action": verdict.action.value,
        "provenance": [
            {"field": one.field, "action": one.action.value, "findings": [*one.findings]}
            for one in verdict.provenance
        ],
        "exemptions": [*verdict.exemptions],
    }


def test_the_javascript_twins_answer_as_python_does() -> None:
    chance = Random(8)  # noqa: S311 -- the same questions each time
    questions = [_question(chance) for _ in range(400)]
    expected: list[Any] = [_python(question) for question in questions]
    expected += [is_low_effort(words) for words in WORDS]
    lines = [*map(json.dumps, questions), *(json.dumps({"words": words}) for words in WORDS)]
    ran = subprocess.run(
        [str(NODE), str(HERE / "exemption_lines.mjs")], input="\n".join(lines),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [json.loads(line) for line in ran.stdout.splitlines()] == expected
    assert sum(bool(answer["exemptions"]) for answer in expected[:400]) > 50
    assert {True, False} == set(expected[400:])
