"""Identity, tax, company and account numbers of southern Europe and Turkey."""

from typing import Final

from backend.detection.validators.shared import Validators, shaped, stdnum_of, total


def _es_nuss(digits: str) -> bool:
    """Orden of 1967 on affiliation: province and serial modulo 97; a short serial has no zero."""
    province, serial, check = int(digits[:2]), int(digits[2:10]), int(digits[10:])
    whole = province * 10_000_000 + serial if serial < 10_000_000 else int(digits[:10])  # noqa: PLR2004
    return 1 <= province <= 66 and whole % 97 == check  # noqa: PLR2004 -- provinces and abroad


def _pt_niss(digits: str) -> bool:
    """Segurança Social: primes downwards from 29, nine less the last digit of the sum."""
    return 9 - total(digits[:10], (29, 23, 19, 17, 13, 11, 7, 5, 3, 2)) % 10 == int(digits[10])


SOUTH: Final[Validators] = {
    "ad_nrt": stdnum_of("ad.nrt", "[ACDEFGLOPU][0-9]{6}[A-Z]"),
    "cy_vat": stdnum_of("cy.vat", "(?:CY)?([0-9]{8}[A-Z])"),
    "es_ccc": stdnum_of("es.ccc", "[0-9]{20}"),
    "es_cif": stdnum_of("es.cif", "(?:ES)?([A-HJNP-SUVW][0-9]{7}[0-9A-J])"),
    "es_cups": stdnum_of("es.cups", "ES[0-9]{16}[A-Z]{2}(?:[0-9][FPRCXYZ])?"),
    "es_land": stdnum_of("es.referenciacatastral", "[0-9A-Z]{20}"),
    "es_nif": stdnum_of("es.nif", "(?:ES)?([0-9A-Z][0-9]{7}[0-9A-Z])"),
    "es_nuss": shaped("[0-9]{12}", _es_nuss),
    "gr_amka": stdnum_of("gr.amka", "[0-9]{11}"),
    "gr_vat": stdnum_of("gr.vat", "(?:EL|GR)?([0-9]{9})"),
    "it_aic": stdnum_of("it.aic", "A?(0[0-9]{8})"),
    "it_vat": stdnum_of("it.iva", "(?:IT)?([0-9]{11})"),
    "mt_vat": stdnum_of("mt.vat", "(?:MT)?([1-9][0-9]{7})"),
    "pt_cc": stdnum_of("pt.cc", "[0-9]{9}[0-9A-Z]{2}[0-9]"),
    "pt_nif": stdnum_of("pt.nif", "(?:PT)?([1-9][0-9]{8})"),
    "pt_niss": shaped("[12][0-9]{10}", _pt_niss),
    "tr_tckn": stdnum_of("tr.tckimlik", "[1-9][0-9]{10}"),
    "tr_vkn": stdnum_of("tr.vkn", "[0-9]{10}"),
}
