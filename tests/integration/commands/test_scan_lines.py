"""`quillgate scan --jsonl` and `quillgate explain`, started as a person starts them."""

import json
import subprocess
import sys


def test_scanning_lines_answers_every_good_one_and_names_the_bad_one() -> None:
    lines = b'{"id": "1", "text": "SSN 536-90-4399"}\nnot json\n{"id": "3", "text": "nothing"}\n'
    ran = subprocess.run(
        [sys.executable, "-m", "backend", "scan", "--jsonl"],
        input=lines,
        capture_output=True,
        check=False,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["1", "3"]
    assert answers[0]["findings"] == [{"type": "US_SSN", "start": 4, "end": 15, "score": 0.99}]
    assert answers[1]["findings"] == []
    assert b"line 2" in ran.stderr
    assert b"not json" not in ran.stderr
    assert ran.returncode == 1


def test_explaining_says_rule_check_and_context() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "backend", "explain", "SSN 536-90-4399"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "SSN «536-90-4399»" in ran.stdout
    assert "us-ssn" in ran.stdout
    assert "near the word “ssn”" in ran.stdout
