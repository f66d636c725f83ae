"""All rules compiled; the version is the hash of their content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from backend.detection.stopping import StopWords

FORMAT = 2
LONGEST_ALONE = 64
DEFAULT_PATH = Path(__file__).parents[2] / "shared-rules" / "rulebook.json"


@dataclass(frozen=True)
class Context:
    """Which words a rule wants beside a match, and how much it needs them."""

    need: str
    words: tuple[str, ...]
    within: int
    edges: str

    @cached_property
    def word_set(self) -> frozenset[str]:
        """The words, to be compared with those of a text."""
        return frozenset(self.words)


class WrittenTopic(NamedTuple):
    """What the words of a text are worth for a topic (`topic.py`).

    `weights` has for each bucket the ASCII character that stands so far from `?`.
    """

    bias: int
    least: int
    weights: str


@dataclass(frozen=True)
class Rule:
    """One compiled rule; the fields are described in shared-rules/README.md."""

    id: str
    type: str
    category: str
    family: str
    severity: str
    recognizer: str
    pattern: str
    ignore_case: bool
    boundary: str
    keywords: tuple[str, ...]
    literals: tuple[str, ...]
    least_digits: int
    least_token: int
    widest_gap: int | None
    validator: str | None
    entropy: float | None
    randomness: float | None
    stop_words: tuple[str, ...]
    confidence: float
    confidence_with_context: float
    context: Context
    why: str
    alone: str | None = None
    in_vain: bool = False
    sort: str | None = None
    model: str | None = None
    company: frozenset[str] = frozenset()
    least_words: int = 1
    longest_word: int | None = None
    least_unbroken: int = 0
    topic: WrittenTopic | None = None

    @classmethod
    def from_json(cls, rule: Mapping[str, Any]) -> "Rule":
        """Read one rule of a rulebook."""
        context = rule["context"]
        return cls(
            **{name: rule[name] for name in _PLAIN},
            keywords=tuple(rule["keywords"]),
            literals=tuple(rule["literals"]),
            stop_words=tuple(rule["stop_words"]),
            alone=rule.get("alone"),
            in_vain=rule.get("in_vain", False),
            sort=rule.get("sort"),
            model=rule.get("model"),
            company=frozenset(rule.get("company", ())),
            least_words=rule.get("least_words", 1),
            longest_word=rule.get("longest_word"),
            least_unbroken=rule.get("least_unbroken", 0),
            topic=WrittenTopic(**rule["topic"]) if "topic" in rule else None,
            context=Context(
                context["need"], tuple(context["words"]), context["within"], context["edges"]
            ),
        )

    @cached_property
    def gate(self) -> tuple[str, ...]:
        """Literals of which at least one must occur, in lower case, for the rule to be tried."""
        if self.keywords or self.literals:
            return self.keywords or self.literals
        return self.context.words if self.wants_words else ()

    @cached_property
    def stops(self) -> StopWords:
        """Its stop words, ready to be looked for."""
        return StopWords(self.stop_words)

    @cached_property
    def wants_words(self) -> bool:
        """Whether nothing is found without one of its context words."""
        is_content = bool(self.company) and self.recognizer != "words"
        return self.context.need != "none" and not is_content

    @cached_property
    def is_opened_by_words(self) -> bool:
        """Whether its context words are its gate."""
        return not self.keywords and not self.literals and self.wants_words

    @cached_property
    def may_lack_words(self) -> bool:
        """Whether an open gate does not yet say that a word is there which the rule wants."""
        is_said = self.is_opened_by_words and self.context.edges == "whole"
        return self.wants_words and not is_said

    @cached_property
    def is_checked(self) -> bool:
        """Whether a match is more than a shape: a checksum, or what only a secret starts with."""
        return self.validator is not None or (self.category == "secret" and bool(self.literals))

    @cached_property
    def may_stand_alone(self) -> bool:
        """Whether a text that is nothing but the value needs no word beside it."""
        return self.validator is not None and self.context.need != "none"

    def may_stand_alone_in(self, text: str) -> bool:
        """Return whether a text is short enough to be nothing but the value."""
        return self.may_stand_alone and len(text) <= LONGEST_ALONE


_PLAIN = (
    "id", "type", "category", "family", "severity", "recognizer", "pattern", "ignore_case",
    "boundary", "least_digits", "least_token", "widest_gap", "validator", "entropy", "randomness",
    "confidence", "confidence_with_context", "why",
)  # fmt: skip


@dataclass(frozen=True)
class Rulebook:
    """Every rule, and the version that names exactly these."""

    version: str
    rules: tuple[Rule, ...]

    @property
    def rules_only(self) -> "Rulebook":
        """The same without what is learned: a quarter of the time, names by labels alone."""
        learned = {"model", "topic"}
        rules = tuple(rule for rule in self.rules if rule.recognizer not in learned)
        return Rulebook(self.version, rules)

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> "Rulebook":
        """Read a rulebook file."""
        return cls.parse(path.read_bytes())

    @classmethod
    def parse(cls, content: bytes) -> "Rulebook":
        """Read a rulebook. Raise ValueError when its version is not the hash of its rules."""
        document = json.loads(content)
        if document.get("format") != FORMAT:
            raise ValueError(f"this rulebook has format {document.get('format')}, not {FORMAT}")
        if not _names_its_rules(document, content):
            raise ValueError("the rulebook's version is not the hash of its rules")
        return cls(document["version"], tuple(Rule.from_json(rule) for rule in document["rules"]))


def _names_its_rules(document: Mapping[str, Any], content: bytes) -> bool:
    """Return whether the version of a rulebook is the hash of its rules.

    Where the file has them as `canonical` writes them, they are not written again for that.
    """
    version = str(document["version"])
    head, tail = f'{{"format":{FORMAT},"rules":', f',"version":"{version}"}}'
    written = content.removeprefix(head.encode()).removesuffix(tail.encode())
    return _hash(written) == version or content_version(document["rules"]) == version


def canonical(value: Any) -> bytes:
    """Return JSON with sorted names and no white space, in UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_version(rules: Any) -> str:
    """Return the first 16 hex digits of the SHA-256 of the rules."""
    return _hash(canonical(rules))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
