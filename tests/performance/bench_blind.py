"""How much is found, and how rightly, of texts by people who had seen no rule.

They lie in `blind`: identifiers in English and in other languages of Europe, secrets, clinical
notes, short sentences, and ordinary prompts that hold nothing. Lines in even places were read when
misses were looked into; the others never, and leave them so: they say what to expect of new texts.
"""

from collections import Counter
from pathlib import Path
from typing import Final

from backend.commands.scanning.readiness import ready_detector
from backend.detection.engine import Detector
from backend.training.blind import BlindPrompt, prompts_of

BLIND: Final = Path(__file__).parent / "blind"
ALIKE: Final = {
    "ES_POSTCODE": "POSTAL_CODE", "DE_PLZ": "POSTAL_CODE", "FR_POSTCODE": "POSTAL_CODE",
    "IT_POSTCODE": "POSTAL_CODE", "ES_COLEGIADO": "MEDICAL_LICENSE", "VIN": "US_VIN",
    "ES_CIP": "US_HEALTH_INSURANCE_MEMBER_ID", "POLICY_NUMBER": "US_HEALTH_INSURANCE_MEMBER_ID",
    "NASS": "ES_NUSS", "CARE_DATE": "DATE", "ES_NIF": "ES_DNI",
}  # fmt: skip
"""Types that say the same of a value, and the one both count as."""
UNMARKED: Final = frozenset({"HEALTH_TERM", "AGE", "DATE", "PERSON", "LOCATION", "ORGANIZATION"})
"""What stands in many texts unmarked, as nobody was asked to mark it there."""


class Tally:
    """What was marked in some texts, and what was found of it."""

    def __init__(self) -> None:
        self.marks = self.right = self.exact = 0
        self.texts = 0
        self.wrong: Counter[str] = Counter()

    def count(self, detector: Detector, prompt: BlindPrompt) -> None:
        """Add one text."""
        found = detector.detect(prompt.text)
        self.texts += 1
        for start, end, sort in prompt.spans:
            alike = [
                one
                for one in found
                if one.start < end and one.end > start and _kind(one.type) == _kind(sort)
            ]
            self.marks += 1
            self.right += bool(alike)
            self.exact += any((one.start, one.end) == (start, end) for one in alike)
        wrong = {
            one.type
            for one in found
            if one.type not in UNMARKED
            and not any(one.start < end and one.end > start for start, end, _ in prompt.spans)
        }
        self.wrong.update(wrong)

    def said(self) -> str:
        """Say it on one line."""
        marks = self.marks or 1
        share = f"found {self.right / marks:.3f} exactly {self.exact / marks:.3f}"
        found = f"{self.marks:5} marks, {share}" if self.marks else " " * 38
        worst = ", ".join(f"{kind} {count}" for kind, count in self.wrong.most_common(3))
        return f"{self.texts:5} texts {found}  not marked {self.wrong.total()} ({worst})"


def _kind(sort: str) -> str:
    return ALIKE.get(sort, sort)


def main() -> None:
    """Print each file, those read and those never read apart, and those that hold nothing."""
    detector = ready_detector(rules_only=False)
    print("found: by the right type; not marked: found where no mark is, by type and text")
    for path in sorted(BLIND.glob("*.txt")):
        tallies: dict[tuple[bool, bool], Tally] = {}
        for prompt in prompts_of(path, path.stem):
            key = bool(prompt.spans), prompt.was_read
            tallies.setdefault(key, Tally()).count(detector, prompt)
        for (is_marked, was_read), tally in sorted(tallies.items(), reverse=True):
            name = f"{path.stem}{'' if is_marked else ', empty'}"
            print(f"  {name:24} {'read before' if was_read else 'never read':12}{tally.said()}")


if __name__ == "__main__":
    main()
