"""Networks, phones and places on Earth."""

import ipaddress
import re
from typing import Final

from backend.detection.validators.families import numbered
from backend.detection.validators.shared import Validators

_PLACE: Final = re.compile(
    r"(-?[0-9]{1,2}(?:\.[0-9]{1,15})?)[ ,;/]{1,3}(-?[0-9]{1,3}(?:\.[0-9]{1,15})?)"
)
_IPV6: Final = re.compile(r"[0-9a-fA-F:]{2,39}(?::[0-9.]{7,15})?")
_PRIVATE: Final = re.compile(
    r"(?:10(?:\.[0-9]{1,3}){3}|172\.(?:1[6-9]|2[0-9]|3[01])(?:\.[0-9]{1,3}){2}"
    r"|(?:192\.168|169\.254|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))(?:\.[0-9]{1,3}){2})"
)


def _ip_private(value: str) -> bool:
    """RFC 1918, 3927 and 6598."""
    return _PRIVATE.fullmatch(value) is not None and all(
        int(part) < 256 and part == str(int(part))  # noqa: PLR2004
        for part in value.split(".")
    )


def _ipv6(value: str) -> bool:
    """RFC 4291 section 2.2, but neither :: nor ::1 nor what is sent to many (ff00::/8)."""
    if _IPV6.fullmatch(value) is None:
        return False
    try:
        address = ipaddress.IPv6Address(value)
    except ValueError:
        return False
    return int(address) > 1 and not address.is_multicast


def _coordinates(value: str) -> bool:
    found = _PLACE.fullmatch(value)
    return found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180  # noqa: PLR2004


DEVICES: Final[Validators] = {
    "coordinates": _coordinates,
    "ip_private": _ip_private,
    "ipv6": _ipv6,
    "meid": numbered(r"[A-F][0-9A-F]{13}|(?:2[6-9]|3[0-9]|4[01])[0-9]{16}"),
}
