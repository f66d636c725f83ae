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


def test_lines_that_are_spread_over_processes_are_answered_in_their_order() -> None:
    texts = ["SSN 536-90-4399" + " and so on" * (n % 7 * 500) for n in range(60)]
    lines = [json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)]
    lines[30] = ""
    ran = subprocess.run(
        [sys.executable, "-m", "backend", "scan", "--jsonl", "--rules-only"],
        input="\n".join(lines).encode(),
        capture_output=True,
        check=True,
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [str(n) for n in range(60) if n != 30]
    assert all(answer["findings"][0]["type"] == "US_SSN" for answer in answers)


def test_a_line_that_comes_alone_is_answered_before_another_comes() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "backend", "scan", "--jsonl", "--rules-only"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for text in ("SSN 536-90-4399", "nothing", "long " * 20_000):
            running.stdin.write(json.dumps({"id": text[:9], "text": text}) + "\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == text[:9]


def test_what_few_lines_need_is_not_read_before_one_needs_it() -> None:
    costly = {"multiprocessing", "numpy", "phonenumbers", "regex", "stdnum", "backend.documents"}
    ran = subprocess.run(
        [sys.executable, "-c", "import sys, backend.commands.scan; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert costly.isdisjoint(ran.stdout.split())


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
