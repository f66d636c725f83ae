"""The extension's texts in each of its languages: all there, filled in alike, short enough."""

import json
import re
from pathlib import Path

import pytest

LOCALES = Path(__file__).parents[3] / "extension" / "_locales"
OTHERS = ("de", "es", "fr")
#: What is called the same in another language, or is spelt alike by chance.
ALIKE = {
    "name", "organisation_label", "person_label", "server_label", "type_CL_RUT", "type_DATE",
    "type_IN_PAN", "type_ISAN", "type_ORGANIZATION", "type_PT_NIF",
}  # fmt: skip
#: Chromium's own limits (name, description), and what a button or a badge has room for.
LONGEST = {"name": 75, "description": 132, "state": 60, "title": 60}
BUTTONS = (
    "redact_and_send", "send_anyway", "ask_for_exception", "use_approved", "this_is_wrong",
    "cancel", "close", "confirm_and_send", "got_it", "ask_now", "send_now", "withdraw",
)  # fmt: skip
LONGEST_BUTTON = 32
ENGLISH = re.compile(r"\b(the|and|your|this|that|not|with|which|sent|nothing)\b")


def texts(language: str) -> dict[str, str]:
    """Return the texts of one language by their names."""
    content = json.loads((LOCALES / language / "messages.json").read_text())
    return {name: entry["message"] for name, entry in content.items()}


def filled(text: str) -> list[str]:
    """Return what a text is filled in with."""
    return sorted(set(re.findall(r"\$[1-9]", text)))


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_and_fills_it_in_alike(language: str) -> None:
    theirs = {name: filled(text) for name, text in texts(language).items()}
    assert theirs == {name: filled(text) for name, text in texts("en").items()}
    assert texts(language)["language"] == language


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left_over_in_another_language(language: str) -> None:
    english, theirs = texts("en"), texts(language)
    same = {name for name, text in theirs.items() if text == english[name]}
    assert same - ALIKE == set()
    assert {name for name, text in theirs.items() if ENGLISH.search(text)} == set()


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_a_text_is_no_longer_than_its_place(language: str) -> None:
    ours, english = texts(language), texts("en")
    limits = dict.fromkeys(BUTTONS, LONGEST_BUTTON)
    for name in ours:
        kind = name if name in LONGEST else name.split("_")[0 if name.startswith("state") else -1]
        limits.setdefault(name, LONGEST.get(kind, 2 * len(english[name]) + 40))
    assert {name: text for name, text in ours.items() if len(text) > limits[name]} == {}


def test_the_languages_are_those_that_are_promised() -> None:
    assert {path.name for path in LOCALES.iterdir()} == {"en", *OTHERS}
