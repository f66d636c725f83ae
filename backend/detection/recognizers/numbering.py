"""Whether digits are a telephone number that some numbering plan assigns (ITU-T E.164).

The plans are those of phonenumbers; asked directly, one answers in a twentieth of the time.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneMetadata

_KINDS: Final = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip",
    "pager", "uan", "voicemail",
)  # fmt: skip
_NOT_A_REGION: Final = "001"
_LONGEST_CODE: Final = 3
_HOME: Final = "1"
# 555-01xx is set aside for fiction (NANPA); people paste it into tests and demos.
_FICTIONAL: Final = re.compile("[0-9]{3}55501[0-9]{2}")


@dataclass(frozen=True, slots=True)
class _Region:
    leading: re.Pattern[str] | None
    whole: re.Pattern[str]
    lengths: frozenset[int]
    kinds: re.Pattern[str] | None

    def assigns(self, national: str) -> bool:
        return (
            len(national) in self.lengths
            and self.whole.fullmatch(national) is not None
            and self.kinds is not None
            and self.kinds.fullmatch(national) is not None
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    prefix: re.Pattern[str] | None
    replacement: str | None
    regions: tuple[_Region, ...]

    def without_prefix(self, national: str) -> str:
        """Return a national number without the digit dialled before it inside the country."""
        found = self.prefix.match(national) if self.prefix else None
        if found is None:
            return national
        is_replaced = found.re.groups > 0 and found[found.re.groups] is not None
        start = found.expand(self.replacement) if self.replacement and is_replaced else ""
        stripped = start + national[found.end() :]
        main = self.regions[0]
        is_complete = main.whole.fullmatch(national) and not main.whole.fullmatch(stripped)
        return national if is_complete or len(stripped) not in main.lengths else stripped

    def assigns(self, national: str) -> bool:
        for region in self.regions:
            if region.leading is not None and region.leading.match(national):
                return region.assigns(national)
        return any(region.assigns(national) for region in self.regions)


def is_international_number(digits: str) -> bool:
    """Return whether digits with their country code are a number that exists, or a fictional."""
    for length in range(1, _LONGEST_CODE + 1):
        plan = _plan_of(digits[:length])
        if plan is not None:
            national = plan.without_prefix(digits[length:])
            is_fictional = digits[:length] == _HOME and _FICTIONAL.fullmatch(national) is not None
            return is_fictional or plan.assigns(national)
    return False


@cache
def _plan_of(code: str) -> _Plan | None:
    """Return the plan of a country code; there are fewer than 1,110 of so many digits.

    Only who has a number waits until phonenumbers is read.
    """
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE  # noqa: PLC0415

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code or 0)) if code[:1] != "0" else None
    if regions is None:
        return None
    all_metadata = [metadata(int(code), region) for region in regions]
    main = all_metadata[0]
    prefix = main.national_prefix_for_parsing
    rule = main.national_prefix_transform_rule or None
    made = tuple(_region(one) for one in all_metadata)
    return _Plan(re.compile(prefix, re.ASCII) if prefix else None, rule, made)


def _region(plan: "PhoneMetadata") -> _Region:
    whole, lengths = whole_of(plan)
    kinds = kinds_of(plan)
    leading = plan.leading_digits
    return _Region(
        re.compile(leading, re.ASCII) if leading else None,
        re.compile(whole, re.ASCII),
        frozenset(lengths),
        re.compile(kinds, re.ASCII) if kinds else None,
    )


def metadata(code: int, region: str) -> "PhoneMetadata":
    """Return what phonenumbers knows of a region, or of a country code that is no region's."""
    from phonenumbers import PhoneMetadata  # noqa: PLC0415 -- as above

    if region == _NOT_A_REGION:
        found = PhoneMetadata.metadata_for_nongeo_region(code, None)
    else:
        found = PhoneMetadata.metadata_for_region(region, None)
    if found is None:
        raise ValueError(f"phonenumbers has no numbering plan for {region} (+{code})")
    return found


def whole_of(plan: "PhoneMetadata") -> tuple[str, tuple[int, ...]]:
    """Return the pattern and the lengths of all numbers of a region."""
    general = plan.general_desc
    return (general and general.national_number_pattern) or "", tuple(
        general.possible_length if general else ()
    )


def kinds_of(plan: "PhoneMetadata") -> str:
    """Return the pattern of the numbers of any kind of a region."""
    patterns = {
        kind.national_number_pattern
        for name in _KINDS
        if (kind := getattr(plan, name)) and kind.national_number_pattern
    }
    return "|".join(sorted(patterns))
