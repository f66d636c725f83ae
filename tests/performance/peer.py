"""Run by a throw-away environment: Presidio over texts, one JSON object a line.

Without a language model, which is how it is quickest: only its patterns and checksums run.
Prints seconds of the processor, how many findings, and how many recognizers.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from typing import Any

import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine


class OnlyWords(NlpEngine):  # type: ignore[misc]
    """Splits words and knows no names."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")

    def load(self) -> None:
        """Load nothing."""

    def is_loaded(self) -> bool:
        """Return that it always is."""
        return True

    def process_text(self, text: str, language: str) -> Any:
        """Return the words of a text."""
        words = self._nlp(text)
        return NlpArtifacts(
            entities=[], tokens=words, tokens_indices=[word.idx for word in words],
            lemmas=[word.text for word in words], nlp_engine=self, language=language,
        )  # fmt: skip

    def process_batch(self, texts: Any, language: str, **_: Any) -> Iterator[Any]:
        """Yield each text with its words."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        """Return that no word is."""
        del word, language
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Return that no word is."""
        del word, language
        return False

    def get_supported_entities(self) -> list[str]:
        """Return none."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Return English only."""
        return ["en"]


def main() -> None:
    """Analyse everything once."""
    logging.disable(logging.CRITICAL)
    engine = AnalyzerEngine(nlp_engine=OnlyWords(), supported_languages=["en"])
    texts = [json.loads(line)["text"] for line in sys.stdin]
    engine.analyze(texts[0], "en")
    begun = time.process_time()
    found = sum(len(engine.analyze(text, "en")) for text in texts)
    print(time.process_time() - begun, found, len(engine.get_recognizers("en")))


if __name__ == "__main__":
    main()
