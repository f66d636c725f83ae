"""What flags ordinary texts, how much is found in disguise, and what hostile texts cost.

The values in disguise are the rules' own examples, so the share of those found plain counts.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

from backend.detection.custom.trial import ordinary_texts
from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook
from backend.policy.actions import ServiceStatus
from backend.policy.decide import decide
from backend.policy.verdict import Context
from backend.services.shared_data import template
from backend.training.blind import blind_prompts
from tests.disguises import ADDRESSES, ANYWHERE, DIGITS

VECTORS: Final = Path(__file__).parents[2] / "shared-rules/vectors/detection/examples.json"
IDS: Final = frozenset({"government-id", "health-id", "financial-id", "card", "licence"})
UNCOUNTED: Final = frozenset({"DATE", "URL"})
EACH: Final = 3
LONG: Final = 200_000
HOSTILE: Final = {
    "digits": "7",
    "one letter": "a",
    "brackets": "([{<",
    "combining marks": "e\u0301\u0323",
    "lone surrogates": "\ud800",
    "NULs": "\0",
    "right-to-left overrides": "\u202eabc",
    "digits and dashes": "12-34 ",
    "nearly a secret": "ghp_aB3",
    "nearly an address": "a.b@c.",
}


def flagged(detector: Detector) -> None:
    """Print how many of 1,000 ordinary texts are flagged, by what."""
    texts = ordinary_texts()
    groups: defaultdict[str, set[int]] = defaultdict(set)
    kinds: Counter[str] = Counter()
    for number, text in enumerate(texts):
        for finding in detector.detect(text):
            if finding.type in UNCOUNTED:
                continue
            kinds[finding.rule] += 1
            groups["all counted kinds"].add(number)
            if finding.family in IDS:
                groups["government, health and finance ids"].add(number)
            if finding.category == "secret":
                groups["secrets"].add(number)
    print(
        f"of {len(texts):,} ordinary texts, per 1,000; targets: ids <= 1, secrets <= 0.6, all <= 6"
    )
    for name in ("government, health and finance ids", "secrets", "all counted kinds"):
        print(f"  {name:<36} {1000 * len(groups[name]) / len(texts):6.1f}")
    print(f"  most often: {', '.join(f'{rule} {n}' for rule, n in kinds.most_common(8))}")


def about_somebodys_health(detector: Detector) -> None:
    """Print how many prompts written blind the template `hipaa` stops, and how many it should not.

    It should stop those that speak of somebody and their health; the others it may note.
    """
    policy = template("hipaa").policy
    stopped, counted = Counter[tuple[str, bool]](), Counter[tuple[str, bool]]()
    for one in blind_prompts():
        verdict = decide(detector.detect(one.text), policy, Context(ServiceStatus.TOLERATED))
        stopped[one.about, one.was_read] += verdict.action.stops
        counted[one.about, one.was_read] += 1
    print("prompts written blind that `hipaa` stops; targets: recall >= 98 %, precision >= 95 %")
    for was_read, name in ((False, "never read"), (True, "read before")):
        said = (
            f"{about} {stopped[about, was_read]} of {counted[about, was_read]}"
            for about in ("PHI", "PII", "NO")
        )
        print(f"  {name:<36} {', '.join(said)}")


def disguised(detector: Detector) -> None:
    """Print the share of values found in each disguise, of those found plain."""
    values = _values(detector)
    print(f"{len(values):,} values of {len({kind for kind, _, _ in values})} types; target >= 90 %")
    for name, disguise in {**ANYWHERE, **DIGITS, **ADDRESSES}.items():
        wanted = [one for one in values if _suits(name, one[0], one[2])]
        found = sum(_is_found(detector, *one, disguise) for one in wanted)
        print(f"  {name:<28} {100 * found / max(1, len(wanted)):6.1f} % of {len(wanted)}")


def _values(detector: Detector) -> list[tuple[str, str, str]]:
    """Return (type, text with {}, value) of examples with a check or a secret's shape."""
    rules = {rule.id: rule for rule in detector.rulebook.rules}
    by_rule: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for vector in json.loads(VECTORS.read_text("utf-8")):
        for finding in vector["findings"]:
            rule = rules.get(finding["rule"])
            if rule is None or len(vector["findings"]) > 1:
                continue
            if not rule.is_checked and rule.type != "EMAIL_ADDRESS":
                continue
            text, start, end = vector["text"], finding["start"], finding["end"]
            around = text[:start].replace("{", "(") + "{}" + text[end:].replace("{", "(")
            by_rule[rule.id].append((rule.type, around.replace("}", ")").replace("{)", "{}"),
                                     text[start:end]))  # fmt: skip
    chance = Random(20261126)  # noqa: S311 -- the same values every time
    return [one for some in by_rule.values() for one in chance.sample(some, min(EACH, len(some)))]


def _suits(disguise: str, kind: str, value: str) -> bool:
    if disguise in ADDRESSES:
        return kind == "EMAIL_ADDRESS"
    if disguise in DIGITS:
        return sum(map(str.isdigit, value)) >= 9 and not any(map(str.isalpha, value))
    return True


def _is_found(
    detector: Detector, kind: str, around: str, value: str, disguise: Callable[[str], str]
) -> bool:
    return any(finding.type == kind for finding in detector.detect(around.format(disguise(value))))


def hostile(detector: Detector) -> None:
    """Print how long texts take that are made to take long."""
    print(f"{LONG:,} characters of one thing; bound: 2 s")
    for name, piece in HOSTILE.items():
        text = (piece * (LONG // len(piece) + 1))[:LONG]
        begun = time.perf_counter()
        found = detector.detect(text)
        seconds = time.perf_counter() - begun
        bad = sum(not 0 <= one.start < one.end <= len(text) for one in found)
        print(f"  {name:<28} {1000 * seconds:7.1f} ms  {bad} offsets outside the text")


def fuzz(detector: Detector, seconds: float = 20) -> None:
    """Detect damaged pieces of vectors for a while; raise AssertionError at a wrong offset."""
    chance = Random()  # noqa: S311 -- other texts every time
    known = [vector["text"] for vector in json.loads(VECTORS.read_text("utf-8"))]
    begun, count = time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        text = " ".join(chance.choices(known, k=chance.randint(1, 6)))
        for _ in range(chance.randint(0, 9)):
            place = chance.randrange(len(text) + 1)
            sign = chr(chance.choice((chance.randrange(128), chance.randrange(0x11000))))
            text = (
                text[:place]
                + sign * chance.choice((1, 1, 40))
                + text[place + chance.randint(0, 3) :]
            )
        found = detector.detect(text)
        assert all(0 <= one.start < one.end <= len(text) for one in found), ascii(text)
        assert all(a.end <= b.start for a, b in pairwise(found)), ascii(text)
        count += 1
    print(f"fuzz: {count:,} damaged texts in {seconds:.0f} s, every offset inside and in order")


def main() -> None:
    """Print everything."""
    detector = Detector(Rulebook.load())
    flagged(detector)
    about_somebodys_health(detector)
    disguised(detector)
    hostile(detector)
    fuzz(detector)


if __name__ == "__main__":
    main()
