"""A number that passes its check is found behind its name, whatever the country and the phrase."""

from itertools import islice

from tests.performance.standins.named import EACH, KNOWN, named
from tests.performance.standins.scores import scored, together
from tests.performance.standins.secrets import lookalikes
from tests.rulebooks import detector


def test_most_numbers_behind_their_names_are_found_and_few_hashes_are_secrets() -> None:
    whole = together(scored(detector().detect, islice(named(KNOWN), 0, None, 2 * EACH)).values())
    assert whole.recall >= 0.95
    assert whole.precision >= 0.97
    texts = [case.text for case in islice(lookalikes(), 0, None, 8)]
    flagged = [text for text in texts if any(f.type == "SECRET" for f in detector().detect(text))]
    assert len(flagged) <= len(texts) / 20
