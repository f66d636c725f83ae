"""Identity and tax numbers of Africa."""

from typing import Final

from backend.detection.validators.families import dated, luhn, numbered, of_stdnum
from backend.detection.validators.shared import Validators


def _eg_nid(plain: str) -> bool:
    """Civil status law 143/1994: century, birth date, governorate 01 to 35 or 88."""
    place = int(plain[7:9])
    century = 17 + int(plain[0])
    return dated(0, "YYYYMMDD")(f"{century}{plain[1:7]}") and (1 <= place <= 35 or place == 88)  # noqa: PLR2004


AFRICA: Final[Validators] = {
    "eg_nid": numbered(r"[23][0-9]{13}", _eg_nid),
    "gh_tin": of_stdnum("gh.tin", r"[PCGQV]00[0-9]{7}[0-9X]"),
    "gn_nifp": numbered(r"[0-9]{9}", luhn()),
    "ma_ice": of_stdnum("ma.ice", r"[0-9]{15}"),
    "mu_nid": of_stdnum("mu.nid", r"[A-Z][0-9]{12}[0-9A-Z]"),
    "mz_nuit": of_stdnum("mz.nuit", r"[0-9]{9}"),
    "sn_ninea": of_stdnum("sn.ninea", r"(?:[0-9]{7}|[0-9]{9})(?:[012][A-HJ-NP-WZ][0-9])?"),
    "za_idnr": numbered(r"[0-9]{10}[01][0-9]{2}", dated(0), luhn()),
    "za_tin": numbered(r"[01239][0-9]{9}", luhn()),
}
