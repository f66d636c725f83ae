"""The numbering plans of phonenumbers as the extension's recognizer reads them.

`quillgate rules compile` writes them; it is due after every new version of phonenumbers.
"""

import functools
import json
import re
from string import ascii_uppercase

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from backend.detection.recognizers.numbering import kinds_of, metadata, whole_of

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


@functools.cache
def content() -> bytes:
    """Return the table as JSON, one country code a line.

    By country code: national prefix, what replaces it, regions (leading digits, plan, lengths,
    kinds). Plans and kinds are shortened: "(" for "(?:", "d" for a digit, "A" for none, "B" for
    one ...
    """
    lines = (
        f"{json.dumps(code)}:{json.dumps(plan, separators=(',', ':'))}"
        for code, plan in phone_table().items()
    )
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
