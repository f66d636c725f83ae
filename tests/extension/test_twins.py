"""Runs the twins' own tests with node's test runner."""

import subprocess
import sys
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parent / "unit").rglob("*.test.mjs"))
NODE = Path(sys.executable).with_name("node")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_twins_pass_their_own_tests(path: Path) -> None:
    ran = subprocess.run(
        [str(NODE), "--test", "--test-reporter=tap", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    failed = [line.strip() for line in ran.stdout.splitlines() if line.startswith("not ok")]
    assert failed == []
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "# tests 0" not in ran.stdout
