"""The accelerated detector answers as the plain one does, on every vector and on altered texts."""

import json

import pytest

from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook
from tests.conformance.test_altered_texts import VECTORS, altered_texts

pytest.importorskip("hyperscan", reason="there is no hyperscan for this platform")


def test_acceleration_changes_no_answer() -> None:
    rulebook = Rulebook.load()
    plain, quick = Detector(rulebook), Detector(rulebook, is_accelerated=True)
    assert quick.accelerator is not None
    assert quick.accelerator.wait()
    known = [v["text"] for path in VECTORS.glob("*.json") for v in json.loads(path.read_text())]
    texts = [*known, *altered_texts(3)]
    assert sum(quick.accelerator.opened(text.encode("utf-8", "replace")) is not None
               for text in texts) > len(texts) / 3  # fmt: skip
    assert [text for text in texts if plain.detect(text) != quick.detect(text)] == []


def test_before_it_is_ready_it_says_nothing() -> None:
    detector = Detector(Rulebook.load(), is_accelerated=True)
    assert [f.type for f in detector.detect("SSN 536-90-4399")] == ["US_SSN"]
