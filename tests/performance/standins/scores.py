"""How many values of cases are found, at the exact place and with the right type."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from backend.detection.finding import Finding
from tests.performance.standins.cases import Case

Detect = Callable[[str], Sequence[Finding]]


@dataclass
class Score:
    """Counts of one type: found, not found, and found where there is none of it."""

    found: int = 0
    missed: int = 0
    false: int = 0
    instead: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """Return the share of values found."""
        return self.found / max(1, self.found + self.missed)

    @property
    def precision(self) -> float:
        """Return the share of findings that are values."""
        return self.found / max(1, self.found + self.false)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.false)


def scored(detect: Detect, cases: Iterable[Case]) -> dict[str, Score]:
    """Return the score of each type; findings of types that no case asks for count nowhere."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    answers = [(case, {(f.start, f.end, f.type) for f in detect(case.text)}) for case in cases]
    wanted_types = {kind for case, _ in answers for _, _, kind in case.values}
    for case, found in answers:
        wanted = set(case.values)
        for start, end, kind in wanted:
            score = scores[kind]
            if (start, end, kind) in found:
                score.found += 1
            else:
                score.missed += 1
                score.instead[_instead(start, end, kind, found)] += 1
        for _, _, kind in found - wanted:
            if kind in wanted_types:
                scores[kind].false += 1
    return dict(scores)


def _instead(start: int, end: int, kind: str, found: set[tuple[int, int, str]]) -> str:
    over = [one for one in found if one[0] < end and one[1] > start]
    if any(one[2] == kind for one in over):
        return "another place"
    return next((one[2] for one in over), "nothing")


def together(scores: Iterable[Score]) -> Score:
    """Return the sum of scores."""
    whole = Score()
    for one in scores:
        whole.found += one.found
        whole.missed += one.missed
        whole.false += one.false
        whole.instead += one.instead
    return whole
