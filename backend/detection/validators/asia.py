"""Identity, tax and company numbers from Turkey's neighbours to Japan."""

from typing import Final

from backend.detection.validators.families import (
    DIGITS_AND_LETTERS,
    dated,
    either,
    is_date,
    keyed,
    luhn,
    numbered,
    of_stdnum,
    total,
)  # fmt: skip
from backend.detection.validators.shared import Validators, by_stdnum, is_valid

_PROVINCE_ID: Final = (
    r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"  # Kemendagri: two digits of province
)
_PLACE_MY: Final = (
    r"(?:0[1-9]|1[0-6]|2[1-9]|[345][0-9]|6[0-8]|7[124-9]|8[2-9]|9[01239])"  # JPN: state or country
)
_TW_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_SG_KEYS: Final = {
    "S": (0, "JZIHGFEDCBA"), "T": (4, "JZIHGFEDCBA"), "F": (0, "XWUTRQPNMLK"),
    "G": (4, "XWUTRQPNMLK"), "M": (3, "XWUTRQPNJLK"),
}  # fmt: skip


def _cn_ric(plain: str) -> bool:
    return by_stdnum("iso7064.mod_11_2")(plain) and dated(6, "YYYYMMDD")(plain)


def _hk_hkid(plain: str) -> bool:
    """Letters count from ten; a missing first one is 36; weights 9 to 1, modulo 11."""
    letters, digits, check = plain[:-7], plain[-7:-1], plain[-1]
    values = [DIGITS_AND_LETTERS.index(sign) for sign in letters + digits]
    weighed = sum(v * w for v, w in zip(reversed(values), range(2, 10), strict=False))
    weighed += 36 * 9 if len(letters) == 1 else 0
    return (weighed + DIGITS_AND_LETTERS.index(check)) % 11 == 0


def _kr_place(plain: str) -> bool:
    """Resident Registration Act: the place of registration ends at 96; the date tells the sex."""
    century = {"1": 19, "2": 19, "5": 19, "6": 19, "3": 20, "4": 20, "7": 20, "8": 20}
    year = century.get(plain[6], 18) * 100 + int(plain[:2])
    return int(plain[7:9]) <= 96 and is_date(year, int(plain[2:4]), int(plain[4:6]))  # noqa: PLR2004


def _kr_brn(plain: str) -> bool:
    weighed = total(plain, (1, 3, 7, 1, 3, 7, 1, 3, 5)) + int(plain[8]) * 5 // 10
    return plain[9] == str(-weighed % 10)


def _sg_nric(plain: str) -> bool:
    plus, key = _SG_KEYS[plain[0]]
    return keyed((2, 7, 6, 5, 4, 3, 2), key, first=1, plus=plus)(plain)


def _tw_id(plain: str) -> bool:
    """Count the letter as two digits, 10 to 35."""
    tens, ones = divmod(_TW_LETTERS.index(plain[0]) + 10, 10)
    return (tens + remainder_of(f"{ones}{plain[1:]}")) % 10 == 0


def remainder_of(digits: str) -> int:
    """Return the sum with weights 9 to 1 and a last digit that counts once."""
    return total(digits, (9, 8, 7, 6, 5, 4, 3, 2, 1, 1))


def _kz_iin(plain: str) -> bool:
    """Order of the Minister of Justice 2014: weights 1 to 11, a second row where ten remains."""
    first = total(plain, range(1, 12)) % 11
    rest = first if first != 10 else total(plain, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11  # noqa: PLR2004
    return plain[11] == str(rest)


def _lk_nic(plain: str) -> bool:
    """Read the day of the year, women's having 500 on top."""
    day = int(plain[2:5] if len(plain) == 10 else plain[4:7])  # noqa: PLR2004 -- with a letter
    return 1 <= (day - 500 if day > 500 else day) <= 366  # noqa: PLR2004


ASIA: Final[Validators] = {
    "ae_emirates_id": numbered(r"784(?:19|20)[0-9]{10}", luhn()),
    "cn_ric": numbered(r"[1-8][0-9]{16}[0-9X]", _cn_ric),
    "cn_uscc": of_stdnum("cn.uscc", r"[0-9]{8}[0-9A-HJ-NP-RTUW-Y]{10}"),
    "hk_hkid": numbered(r"[A-Z]{1,2}[0-9]{6}[0-9A]", _hk_hkid),
    "id_nik": numbered(rf"{_PROVINCE_ID}[0-9]{{14}}", dated(6, "DDMMYY", added=40)),
    "id_npwp": either(numbered(r"[0-9]{15}", luhn(0, 9)), numbered(r"0[0-9]{15}", luhn(0, 10))),
    "il_hp": numbered(r"5[0-9]{8}", luhn()),
    "il_idnr": numbered(r"(?!0{8})[0-9]{8,9}", luhn()),
    "in_epic": numbered(r"[A-Z]{3}[0-9]{7}", luhn(3)),
    "in_gstin": of_stdnum("in_.gstin", r"[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]"),
    "in_vid": numbered(r"[2-9][0-9]{15}", lambda plain: is_valid("verhoeff", plain)),
    "ir_national": numbered(r"(?!([0-9])\1{9})[0-9]{10}", keyed(range(10, 1, -1), "01987654321")),
    "jp_cn": of_stdnum("jp.cn", r"[1-9][0-9]{12}"),
    "jp_in": of_stdnum("jp.in_", r"[0-9]{12}"),
    "kr_brn": numbered(r"[1-9][0-9]{9}", _kr_brn),
    "kr_frn": numbered(
        r"[0-9]{6}[5-8][0-9]{6}",
        dated(0),
        keyed((2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), "32109876543"),
    ),
    "kr_rrn": numbered(
        r"[0-9]{13}", _kr_place, keyed((2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5), "10987654321")
    ),
    "kw_civil_id": numbered(
        r"[23][0-9]{11}", dated(1), keyed((2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "??987654321")
    ),
    "kz_iin": numbered(r"[0-9]{6}[0-6][0-9]{5}", dated(0), _kz_iin),
    "lk_nic": numbered(r"[0-9]{9}[VX]|(?:19|20)[0-9]{10}", _lk_nic),
    "my_nric": numbered(rf"[0-9]{{6}}{_PLACE_MY}[0-9]{{4}}", dated(0)),
    "sa_id": numbered(r"[12][0-9]{9}", luhn()),
    "sg_nric": numbered(r"[STFGM][0-9]{7}[A-Z]", _sg_nric),
    "sg_uen": of_stdnum("sg.uen", r"[0-9]{8,9}[A-Z]|[RST][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]"),
    "th_tin": numbered(r"[0-8][0-9]{12}", keyed(range(13, 1, -1), "10987654321")),
    "tw_id": numbered(r"[A-Z][1289][0-9]{8}", _tw_id),
    "tw_ubn": of_stdnum("tw.ubn", r"[0-9]{8}"),
    "vn_mst": of_stdnum("vn.mst", r"[0-9]{10}(?:[0-9]{3})?"),
}
