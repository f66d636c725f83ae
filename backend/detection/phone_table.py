"""Writes the numbering plans of phonenumbers as the table the extension's recognizer reads.

`python -m backend.detection.phone_table` after every new version of phonenumbers.
"""

import json
import re
from pathlib import Path
from string import ascii_uppercase
from typing import Final

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from backend.detection.recognizers.numbering import kinds_of, metadata, whole_of

PATH: Final = Path(__file__).parents[2] / "extension/src/detection/recognizers/phone-table.js"
_HEAD: Final = """\
// Made by backend/detection/phone_table.py from phonenumbers; not written by hand.
// Country code: national prefix, what replaces it, regions (leading digits, plan, lengths, kinds).
// Plans and kinds are shortened: "(" for "(?:", "d" for a digit, "A" for none, "B" for one ...
export const PHONE_TABLE = JSON.parse(String.raw`{
"""
_TAIL: Final = "\n}`);\n"

Plan = tuple[str | None, str | None, list[tuple[str | None, str, list[int], str]]]


def phone_table() -> dict[str, Plan]:
    """Return for each country code its national prefix and the plans of its regions."""
    return {
        str(code): _plan(code, regions)
        for code, regions in sorted(COUNTRY_CODE_TO_REGION_CODE.items())
    }


def _plan(code: int, regions: tuple[str, ...]) -> Plan:
    plans = [metadata(code, region) for region in regions]
    return (
        plans[0].national_prefix_for_parsing,
        (plans[0].national_prefix_transform_rule or "").replace("\\", "$") or None,
        [_region(plan) for plan in plans],
    )


def _region(plan: PhoneMetadata) -> tuple[str | None, str, list[int], str]:
    whole, lengths = whole_of(plan)
    return plan.leading_digits, _short(whole), list(lengths), _short(kinds_of(plan))


def _short(pattern: str) -> str:
    """Return a pattern of digits in a shorter way of writing."""
    if re.search(r"\((?!\?:)|[A-Za-ce-z]", pattern):
        raise ValueError(f"no pattern of digits: {pattern}")
    digits = pattern.replace("(?:", "(").replace(r"\d", "d")
    return re.sub(r"d\{(\d)\}", lambda times: ascii_uppercase[int(times[1])], digits)


def content() -> str:
    """Return the JavaScript module, one country code a line."""
    lines = (
        f"{json.dumps(code)}:{json.dumps(plan, separators=(',', ':'))}"
        for code, plan in phone_table().items()
    )
    return _HEAD + ",\n".join(lines) + _TAIL


if __name__ == "__main__":
    PATH.write_text(content(), encoding="utf-8")
