"""Ways to write a value so that a plain pattern does not see it."""

import base64
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

Disguise = Callable[[str], str]
_LOOKALIKES: Final = str.maketrans("AaBCcEeHKMOoPpTXxyijs", "АаВСсЕеНКМОоРрТХхуіјѕ")
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _by_letter(change: Disguise) -> Disguise:
    return lambda value: "".join(map(change, value))


def _between_digits(sign: str) -> Disguise:
    return lambda value: sign.join(letter for letter in value if letter.isdigit())


def _broken(value: str) -> str:
    middle = len(value) // 2
    return f"{value[:middle]}\n{value[middle:]}"


def _spelled(value: str) -> str:
    return " ".join(_WORDS[int(letter)] for letter in value if letter.isdigit())


def _in_base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


ANYWHERE: Final[Mapping[str, Disguise]] = {
    "full width": _by_letter(
        lambda letter: chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter
    ),
    "zero width space": "\u200b".join,
    "soft hyphen": "\u00ad".join,
    "word joiner": "\u2060".join,
    "bold mathematical digits": _by_letter(
        lambda letter: chr(0x1D7CE + int(letter)) if letter.isdigit() else letter
    ),
    "Arabic digits": _by_letter(
        lambda letter: chr(0x660 + int(letter)) if letter.isdigit() else letter
    ),
    "struck through": _by_letter(lambda letter: letter + "\u0336"),
    "look-alike letters": lambda value: value.translate(_LOOKALIKES),
    "no-break spaces": lambda value: value.replace(" ", "\u00a0").replace("-", "\u2011"),
    "percent": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "percent where needed": lambda value: quote(value, safe=""),
    "unicode escapes": _by_letter(lambda letter: f"\\u{ord(letter):04x}"),
    "byte escapes": _by_letter(lambda letter: f"\\x{ord(letter):02x}"),
    "character references": _by_letter(lambda letter: f"&#{ord(letter)};"),
    "hexadecimal references": _by_letter(lambda letter: f"&#x{ord(letter):x};"),
    "base64": _in_base64,
    "base64 for addresses": lambda value: base64.urlsafe_b64encode(value.encode()).decode(),
    "base64 twice": lambda value: _in_base64(_in_base64(value)),
    "hex": lambda value: value.encode().hex(),
    "spaced hex": lambda value: value.encode().hex(" ").upper(),
    "a line break inside": _broken,
}
"""For every value."""

DIGITS: Final[Mapping[str, Disguise]] = {
    "spaces between digits": _between_digits(" "),
    "dots between digits": _between_digits("."),
    "commas between digits": _between_digits(", "),
    "lines between digits": _between_digits("\n"),
    "keycaps": _by_letter(lambda letter: f"{letter}\ufe0f\u20e3" if letter.isdigit() else letter),
    "bold in Markdown": lambda value: "**" + _between_digits("****")(value) + "**",
    "code in Markdown": lambda value: "`" + _between_digits("` `")(value) + "`",
    "quotation marks": lambda value: '"' + _between_digits('" "')(value) + '"',
    "digits as words": _spelled,
}
"""For values of digits."""

ADDRESSES: Final[Mapping[str, Disguise]] = {
    "at and dot": lambda value: value.replace("@", " at ").replace(".", " dot "),
    "at and dot in brackets": lambda value: value.replace("@", "[at]").replace(".", "(dot)"),
    "at in brackets": lambda value: value.replace("@", " (at) "),
}
"""For e-mail addresses."""
