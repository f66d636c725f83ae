"""Both engines answer alike on every shared vector."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from backend.detection.compilation import compile_rules
from backend.detection.masking import redact
from backend.detection.publication import outputs
from backend.services.extension_files import extension_files
from tests.conformance.javascript import answers_of_javascript
from tests.rulebooks import detector

HERE = Path(__file__).parent
VECTORS = HERE.parents[1] / "shared-rules" / "vectors"
NODE = Path(sys.executable).with_name("node")


def vectors(folder: str) -> list[dict[str, Any]]:
    """Return every vector of one folder."""
    return [
        vector
        for path in sorted((VECTORS / folder).glob("*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]


def test_the_javascript_twins_answer_every_vector_as_python_does() -> None:
    ran = subprocess.run(
        [str(NODE), str(HERE / "run_vectors.mjs")], capture_output=True, text=True, check=True
    )
    report = json.loads(ran.stdout)
    assert report["different"] == []
    counts = report["counts"]
    assert counts == {name: len(vectors(name)) for name in counts}
    assert min(counts.values()) > 0
    assert set(counts) == {"detection", "masking", "policy"}


def test_python_answers_every_detection_vector() -> None:
    every = vectors("detection")
    answers = detector().detect_all([vector["text"] for vector in every])
    different = [
        vector["name"]
        for vector, found in zip(every, answers, strict=True)
        if [(f.rule, f.start, f.end, f.confidence) for f in found]
        != [(f["rule"], f["start"], f["end"], f["confidence"]) for f in vector["findings"]]
    ]
    assert different == []


def test_python_answers_every_masking_vector() -> None:
    for vector in vectors("masking"):
        assert redact(vector["text"], detector().detect(vector["text"])) == vector["redacted"]


def test_the_compiled_files_hold_what_the_rules_say() -> None:
    stale = [
        path.name
        for path, content in outputs(compile_rules()).items()
        if path.read_bytes() != content
    ]
    assert stale == [], "run `quillgate rules compile` and commit the result"


def test_the_packed_extension_answers_as_it_does_unpacked(tmp_path: Path) -> None:
    for name, content in extension_files("https://quillgate.example", None).files.items():
        if name.endswith(".js"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    texts = [vector["text"] for vector in vectors("detection")][::20]
    assert answers_of_javascript(texts, tmp_path) == answers_of_javascript(texts)
