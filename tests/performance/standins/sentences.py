"""Sentences and clinical notes with values in the formats people write."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from phonenumbers import (
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
)

from tests.performance.standins.cases import Case
from tests.performance.standins.named import numbers

EACH: Final = 60
_REGIONS: Final = (
    "US CA GB IE AU NZ IN ZA DE AT CH FR BE NL LU ES PT IT GR PL CZ SK HU RO BG SE NO DK FI IS BR "
    "MX AR CL CO PE JP KR CN SG MY TH TR IL AE NG KE"
)
REGIONS: Final = tuple(_REGIONS.split())
MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
    "novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
}
_FRAMES: Final = {
    "CREDIT_CARD": (
        "How do I change the limit on my card {}?",
        "{} was charged twice",
        "pay with {}",
    ),
    "IBAN": ("Please transfer to {} today", "What is my balance at {}?", "Überweisen Sie an {}."),
    "US_SSN": ("My social security number is {}", "SSN {} on the form", "her ssn: {}"),
    "IP_ADDRESS": ("I could not ping {}", "blocked {} at the firewall", "server {} is down"),
    "EMAIL_ADDRESS": ("write to {} please", "Contacto: {}.", "<{}> wrote:", "mail {} and wait"),
    "URL": ("see {} for details", "I found it on {}", "die Seite {} lädt nicht", "visite {}."),
    "PHONE_NUMBER": (
        "call me at {}",
        "You can reach her on {}.",
        "Meine Nummer ist {}",
        "tel. {}",
        "My phone is {}",
        "Llámame al {}",
        "contact: {}",
    ),
    "DATE": ("we met on {}", "due {}", "the course starts {}.", "vom {} an", "el {} por la tarde"),
}


def _date(chance: Random) -> str:
    year, month, day = chance.randint(1940, 2029), chance.randint(1, 12), chance.randint(1, 28)
    language = chance.choice(list(MONTHS))
    name = MONTHS[language].split()[month - 1]
    if language == "en":
        return chance.choice(
            (
                f"{name} {day}, {year}",
                f"{day} {name} {year}",
                f"{name[:3]} {day}, {year}",
                f"{_ordinal(day)} of {name} {year}",
                f"{year}-{month:02}-{day:02}",
                f"{month:02}/{day:02}/{year}",
                f"{month}/{day}/{year % 100:02}",
                f"{day}-{name[:3]}-{year}",
                f"{year}/{month:02}/{day:02}",
            )
        )
    written = {
        "es": f"{day} de {name} de {year}",
        "pt": f"{day} de {name} de {year}",
        "de": f"{day}. {name} {year}",
        "fr": f"{day} {name} {year}",
        "it": f"{day} {name} {year}",
        "nl": f"{day} {name} {year}",
    }[language]
    return chance.choice(
        (
            written,
            f"{day:02}.{month:02}.{year}",
            f"{day:02}/{month:02}/{year}",
            f"{day:02}-{month:02}-{year}",
        )
    )


def _ordinal(day: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{day}{ends.get(day % 10, 'th') if day // 10 != 1 else 'th'}"


def _phone(chance: Random) -> str:
    region = chance.choice(REGIONS)
    kind = chance.choice((PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE))
    number = example_number_for_type(region, kind)
    shape = chance.choice(
        (PhoneNumberFormat.INTERNATIONAL,) * 3
        + (PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL)
    )
    assert number is not None  # each region has an example of both kinds
    text = format_number(number, shape)
    if shape == PhoneNumberFormat.INTERNATIONAL:
        text = chance.choice(
            (text, text.replace(" ", "-"), text.replace(" ", "."), f"00{text[1:]}")
        )
    return text + (
        f" x{chance.randint(10, 999)}" if region == "US" and chance.random() < 0.3 else ""
    )


def _address(chance: Random) -> str:
    parts = [str(chance.randint(1, 223)), *(str(chance.randint(1, 254)) for _ in range(3))]
    six = ":".join(f"{chance.randrange(1, 65536):x}" for _ in range(8))
    return chance.choice(
        (".".join(parts), ".".join(parts), six, f"2a02:26f0::{chance.randrange(1, 999):x}")
    )


def _email(chance: Random) -> str:
    name = chance.choice(
        ("ann", "j.doe", "maria-garcia", "o'brien", "lee+news", "info", "k_weber99")
    )
    hosts = ("example.org", "mail.example.co.uk", "klinik-nord.de", "hospital.es", "x.museum")
    return f"{name}@{chance.choice(hosts)}"


def _url(chance: Random) -> str:
    host = chance.choice(
        ("example.com", "www.example.org", "sub.domain.co.uk", "praxis-müller.de", "shop.it")
    )
    path = chance.choice(("", "/", "/a/b.html", "/search?q=x&p=2", "/docs#part-3", ":8443/login"))
    scheme = chance.choice(
        ("https://", "http://", "https://", "ftp://", "") if not path else ("https://", "http://")
    )
    return scheme + host + path if scheme or host.startswith("www") else f"http://{host}/"


def _number(kind: str) -> Callable[[Random], str]:
    some = [number for number in numbers() if number.type == kind]
    return lambda chance: chance.choice(some).value(chance)


def sentences(seed: int = 6) -> Iterator[Case]:
    """Yield sentences with one value each."""
    chance = Random(seed)  # noqa: S311 -- the same sentences every time
    makers = {
        "CREDIT_CARD": _number("CREDIT_CARD"),
        "IBAN": _number("IBAN"),
        "US_SSN": _number("US_SSN"),
        "IP_ADDRESS": _address,
        "EMAIL_ADDRESS": _email,
        "URL": _url,
        "PHONE_NUMBER": _phone,
        "DATE": _date,
    }
    for kind, make in makers.items():
        for _ in range(EACH * (3 if kind in {"PHONE_NUMBER", "DATE"} else 1)):
            before, after = chance.choice(_FRAMES[kind]).split("{}")
            yield Case.of((before, (make(chance), kind), after))


_NOTE: Final = (
    ("Nombre: Ana.\nNHC: {}", "MEDICAL_RECORD_NUMBER"),
    ("\nNº Historia: {}", "MEDICAL_RECORD_NUMBER"),
    ("\nNASS: {}", "NASS"),
    ("\nCIPA: {}", "ES_CIP"),
    ("\nEpisodio: {}", "ENCOUNTER_NUMBER"),
    ("\nFecha de nacimiento: {}", "DATE_OF_BIRTH"),
    ("\nFecha de ingreso: {}", "DATE"),
    ("\nMédico: Dr. Ruiz. Nº Col: {}", "ES_COLEGIADO"),
    (".\nAcude a consulta el {}", "DATE"),
    (" y se cita para el {}", "DATE"),
    (".\nTeléfono: {}", "PHONE_NUMBER"),
    ("\nTfno. {}", "PHONE_NUMBER"),
    ("\nFax: {}", "FAX_NUMBER"),
    (" Fax {}", "FAX_NUMBER"),
    ("\nCorreo electrónico: {}", "EMAIL_ADDRESS"),
    (" E-mail: {}", "EMAIL_ADDRESS"),
    ("\nDNI: {}", "ES_DNI"),
    ("\nCIP: {}", "ES_CIP"),
    (". Última revisión: {}", "DATE"),
    (". Operado en {}", "DATE"),
)


def notes(seed: int = 7) -> Iterator[Case]:
    """Yield discharge reports in Spanish."""
    chance = Random(seed)  # noqa: S311 -- the same notes every time
    makers: dict[str, Callable[[Random], str]] = {
        "MEDICAL_RECORD_NUMBER": lambda c: _digits(c, c.choice((6, 7, 8))),
        "NASS": lambda c: c.choice(("28 {} 21", "28/{}/21", "28{}21")).format(_digits(c, 8)),
        "ES_CIP": lambda c: "".join(c.choice("ABCDEFGHLMNRST") for _ in range(4)) + _digits(c, 10),
        "ENCOUNTER_NUMBER": lambda c: _digits(c, 8),
        "ES_COLEGIADO": lambda c: _digits(c, 9).replace("0", "2"),
        "ES_DNI": _number("ES_DNI"),
        "EMAIL_ADDRESS": _email,
        "DATE": _spanish_date,
        "DATE_OF_BIRTH": _spanish_date,
        "PHONE_NUMBER": _spanish_phone,
        "FAX_NUMBER": _spanish_phone,
    }
    for _ in range(25):
        parts: list[str | tuple[str, str]] = []
        for frame, kind in _NOTE:
            known = "US_HEALTH_INSURANCE_MEMBER_ID" if kind == "NASS" else kind
            parts += [frame.replace("{}", ""), (makers[kind](chance), known)]
        yield Case.of([*parts, "."])


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("123456789", k=count))


def _spanish_date(chance: Random) -> str:
    day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1940, 2024)
    name = MONTHS["es"].split()[month - 1]
    return chance.choice(
        (
            f"{day:02}/{month:02}/{year}",
            f"{day} de {name} de {year}",
            f"{day}-{month}-{year}",
            f"{day:02}.{month:02}.{year % 100:02}",
            f"{name} de {year}",
        )
    )


def _spanish_phone(chance: Random) -> str:
    start, rest = chance.choice(("91", "93", "95", "96")), _digits(chance, 7)
    return chance.choice(
        (
            f"{start} {rest[:3]} {rest[3:5]} {rest[5:]}",
            f"{start}{rest}",
            f"{start}-{rest}",
            f"(+34) {start}{rest[0]} {rest[1:4]} {rest[4:]}",
            f"+34 {start}{rest[0]} {rest[1:4]} {rest[4:]}",
            f"{start}{rest[0]} {rest[1:3]} {rest[3:5]} {rest[5:]}",
        )
    )
