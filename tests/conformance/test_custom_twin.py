"""A client's own rules find the same in a browser as on the server."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from backend.core.signing import KeyRing
from backend.detection.custom.detection import CustomDetection
from backend.policy.custom import read_custom
from backend.services.custom_detections import CustomDetections, browser_part
from tests.rulebooks import detector

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
CLIENT = UUID("0197f2a0-0000-7000-8000-000000000001")
KEYS = KeyRing.from_master(bytes(range(32)))
KEY = KEYS.lists_key(CLIENT)
KNOWN = CustomDetections(KEYS).digests(CLIENT, ["Ann-Marie O'Neil", "MRN 00 48 29", "Größe 4711"])
FRONT_DESK = CustomDetections(KEYS).digests(CLIENT, ["(415) 555-0132"])
RULES = {
    "keywords": {
        "projects": {
            "name": "Projects",
            "words": ["Falcon", "north  star", "Größenwahn", "C++ core"],
        },
        "many": {"name": "Many", "words": [f"codename{n:03}" for n in range(200)]},
    },
    "patterns": {
        "orders": {"name": "Orders", "pattern": r"\bORD-\d{5}\b", "category": "secret"},
        "rooms": {"name": "Rooms", "pattern": r"(?i)room (\d{3})", "near": ["ward", "Station"]},
        "anything": {"name": "Signed", "pattern": r"<<[^>]+>>", "severity": "low"},
        "ids": {"name": "Ids", "pattern": r"[A-Z]{2}\.(?:\d{2}|\w{3})\s?x", "severity": "critical"},
    },
    "values": {
        "patients": {
            "name": "Patients",
            "digests": [one.digest for one in KNOWN],
            "lengths": sorted({one.length for one in KNOWN}),
        }
    },
    "allowed": {
        "desk": {"name": "Front desk", "digests": [one.digest for one in FRONT_DESK]},
        "past": {"name": "Until", "digests": [KNOWN[0].digest], "until": "2020-01-01"},
    },
}
TEXTS = (
    ("About Falcon and the NORTH\tSTAR, not falconry or northstars.", ["Falcon", "NORTH\tSTAR"]),
    ("codename007 and codename199, not codename1999", ["codename007", "codename199"]),
    ("GRÖSSENWAHN is not größenwahn, C++ core is", ["größenwahn", "C++ core"]),
    ("ORD-12345 and XORD-12345, ORD-123456, ord-12345", ["ORD-12345"]),
    ("Room 204 is free. Ward: ROOM 205", ["204", "205"]),
    ("Room 204 is free.", []),
    ("see <<a b>> and <<>>", ["<<a b>>"]),
    ("AB.12 x, AB.abcx, AB.1_2\nx", ["AB.12 x", "AB.abcx", "AB.1_2\nx"]),
    ("it is ANN MARIE O’NEIL, then ann-marie o neil", ["ANN MARIE O’NEIL", "ann-marie o neil"]),
    ("mrn004829? MRN 00-48-29! MRN 00....48 29", ["mrn004829", "MRN 00-48-29"]),
    ("\U0001f600 Ann\u200b-Marie O'Neil \U0001f600", ["Ann\u200b-Marie O'Neil"]),
    ("größe 4711", ["größe 4711"]),
    ("call (415) 555-0132, not (415) 555-0133", ["(415) 555-0133"]),
    ("Ｆａｌｃｏｎ and F\u0430lcon", ["Ｆａｌｃｏｎ", "F\u0430lcon"]),
    ("x" * 5000 + " Falcon " + "y " * 5000 + "ORD-12345", ["Falcon", "ORD-12345"]),
)


def found_in_python(text: str) -> list[dict[str, Any]]:
    """Return what the server finds."""
    detection = CustomDetection(read_custom(RULES, "custom"), KEY)
    found = detection.added_to(text, detector().detect(text))
    return [asdict(finding) for finding in found]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_what_a_client_adds_is_found(text: str, expected: list[str]) -> None:
    found = found_in_python(text)
    assert [text[one["start"] : one["end"]] for one in found] == expected


def test_a_browser_finds_the_same() -> None:
    custom = browser_part(read_custom(RULES, "custom"), KEY)
    lines = [json.dumps({"custom": custom, "text": text}, default=str) for text, _ in TEXTS]
    ran = subprocess.run(
        [str(NODE), str(HERE / "custom_lines.mjs")],
        input="\n".join(lines) + "\n", capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer["isFinished"] for answer in answers] == [True] * len(TEXTS)
    assert [answer["findings"] for answer in answers] == [found_in_python(t) for t, _ in TEXTS]
