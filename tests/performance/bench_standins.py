"""What is found of texts of our own, made from the standards, as detection is judged by others."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from backend.detection.compilation import compile_rules
from backend.detection.engine import Detector
from backend.detection.finding import Finding
from backend.detection.rulebook import Rulebook
from tests.performance.standins.cases import Case
from tests.performance.standins.named import HELD_OUT, KNOWN, bare, named, spoilt
from tests.performance.standins.scores import scored, together
from tests.performance.standins.secrets import assigned, lookalikes, secrets
from tests.performance.standins.sentences import notes, sentences

WORST: Final = 8


def printed(detector: Detector, title: str, cases: Iterable[Case]) -> None:
    """Print the score of a stand-in and its worst types."""
    some = list(cases)
    scores = scored(detector.detect, some)
    whole = together(scores.values())
    print(
        f"  {title:<44} F1 {whole.f1:.3f}  recall {whole.recall:.3f}  precision "
        f"{whole.precision:.3f}  of {len(some):,} texts; instead: "
        f"{', '.join(f'{kind} {n}' for kind, n in whole.instead.most_common(4))}"
    )
    worst = sorted(scores.items(), key=lambda one: one[1].f1)[:WORST]
    print("      worst: " + ", ".join(f"{kind} {score.f1:.2f}" for kind, score in worst))


def alone(detector: Detector) -> None:
    """Print how often a number alone is said to be what it is, among else it may be.

    A table of one kind asks for that kind only, and that its spoilt numbers are none of it.
    """
    types = {case.text: {one.type for one in _all(detector, case.text)} for case in bare()}
    missed = Counter(kind for case in bare() for *_, kind in case.values
                     if kind not in types[case.text])  # fmt: skip
    count = sum(1 for _ in bare())
    false = Counter(kind for text, kind in spoilt()
                    if kind in {one.type for one in _all(detector, text)})  # fmt: skip
    found = count - missed.total()
    several = sum(map(len, types.values())) / len(types)
    print(
        f"  {'numbers alone, each in its own table':<44} "
        f"F1 {2 * found / (2 * found + missed.total() + false.total()):.3f}  "
        f"recall {found / count:.3f}  of spoilt numbers {false.total()} taken for one; "
        f"{several:.1f} types a number"
    )
    print("      missed: " + ", ".join(f"{kind} {n}" for kind, n in missed.most_common(WORST)))
    print("      spoilt: " + ", ".join(f"{kind} {n}" for kind, n in false.most_common(WORST)))


def _all(detector: Detector, text: str) -> tuple[Finding, ...]:
    found = detector.detect(text)
    return (*found, *detector.alternatives(text, found))


def vendors(detector: Detector) -> None:
    """Print how often a secret rule's own example is found by another rule, or by several."""
    rules = {rule.id for rule in detector.rulebook.rules if rule.category == "secret"}
    lost: Counter[str] = Counter()
    several = count = 0
    for example in compile_rules().examples:
        if example.rule in rules and example.spans:
            found = [one for one in detector.detect(example.text) if one.category == "secret"]
            count += 1
            several += len(found) > len(example.spans)
            if example.rule not in {one.rule for one in found}:
                lost[f"{example.rule} to {', '.join(sorted(one.rule for one in found))}"] += 1
    print(
        f"  of {count:,} examples of secret rules {lost.total()} lost to another, {several} doubly"
    )
    print("      " + "; ".join(lost))


def main() -> None:
    """Print everything."""
    detector = Detector(Rulebook.load())
    print(
        "targets: behind a phrase F1 0.97, alone 0.90; sentences 0.90 to 0.99, notes 0.85 to 0.99"
    )
    printed(detector, "numbers behind phrases", named(KNOWN))
    printed(detector, "numbers behind phrases held out", named(HELD_OUT, 9))
    printed(detector, "numbers alone, of every country", bare())
    alone(detector)
    printed(detector, "sentences", sentences())
    printed(detector, "discharge reports in Spanish", notes())
    printed(detector, "secrets", secrets())
    vendors(detector)
    some = list(assigned())
    share = sum(any(f.category == "secret" for f in detector.detect(text)) for text in some)
    print(f"  secrets in {len(some) // 3} syntaxes: {100 * share / len(some):.1f} % found")
    texts = [case.text for case in lookalikes()]
    found = (detector.detect(text) for text in texts)
    flagged = sum(any(f.category == "secret" for f in one) for one in found)
    print(f"  look-alikes of secrets flagged: {100 * flagged / len(texts):.1f} % of {len(texts)}")


if __name__ == "__main__":
    main()
