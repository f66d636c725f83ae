"""A client's own rules ready to be applied beside the rulebook."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final

from backend.detection.custom.digests import Digester, pieces, plain
from backend.detection.custom.lists import Custom, Values, rule_id
from backend.detection.custom.rules import FAMILY, TYPE, rule_documents
from backend.detection.engine import Detector
from backend.detection.finding import Finding
from backend.detection.normalise import normalise
from backend.detection.rulebook import Rule, Rulebook
from backend.detection.spans import without_overlaps

_KNOWN: Final = 0.99


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class CustomDetection:
    """What a client adds, and the key of its digests. Safe to share between threads."""

    custom: Custom
    key: bytes
    today: Callable[[], date] = _today

    def added_to(self, text: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return `found` of the rulebook with what is found here, less what may pass."""
        if not self.custom:
            return tuple(found)
        merged = without_overlaps(found, self._of_rules(text), self._of_values(text))
        return tuple(finding for finding in merged if not self._may_pass(text, finding))

    @cached_property
    def _detector(self) -> Detector:
        rules = tuple(Rule.from_json(rule) for rule in rule_documents(self.custom))
        return Detector(Rulebook("custom", rules))

    @cached_property
    def _digester(self) -> Digester:
        return Digester(self.key)

    def _of_rules(self, text: str) -> Iterator[Finding]:
        names = {
            **{rule_id(key): one.name for key, one in self.custom.keywords.items()},
            **{rule_id(key): one.name for key, one in self.custom.patterns.items()},
        }
        for finding in self._detector.detect(text) if names else ():
            yield replace(finding, context=names[finding.rule])

    def _of_values(self, text: str) -> Iterator[Finding]:
        lengths = frozenset(n for one in self.custom.values.values() for n in one.lengths)
        if not lengths:
            return
        view = normalise(text)
        for letters, start, end in pieces(view, lengths):
            known = self._lists.get(self._digester.of(letters))
            if known is not None:
                key, one = known
                first, last = view.original(start, end)
                yield Finding(
                    rule=rule_id(key), type=TYPE, category=one.category, family=FAMILY,
                    severity=one.severity, start=first, end=last, confidence=_KNOWN,
                    context=one.name, validator=None,
                )  # fmt: skip

    @cached_property
    def _lists(self) -> dict[str, tuple[str, Values]]:
        lists = self.custom.values.items()
        return {digest: (key, one) for key, one in lists for digest in one.digests}

    def _may_pass(self, text: str, finding: Finding) -> bool:
        concerned = [
            one
            for one in self.custom.allowed.values()
            if one.type in {None, finding.type} and (one.until is None or self.today() <= one.until)
        ]
        if not concerned:
            return False
        digest = self._digester.of(plain(text[finding.start : finding.end]))
        return any(digest in one.digests for one in concerned)
