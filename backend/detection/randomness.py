"""How unlike written language a text is: what tells a made-up token from a name in code.

Each pair of neighbours costs what it is worth in bits where people and programs write: in English
prose and in identifiers of this repository, counted once. Letters count without their case, all
digits as one sign and everything else as another. Prose and names cost 3 to 4.5 bits a pair, what a
generator made 5 to 8.
"""

from itertools import pairwise
from typing import Final

LONGEST_SEQUENCE: Final = 8
_SIGNS: Final = 28
_DIGIT, _OTHER = 26, 27
_COSTS: Final = (
    "zjfiztlzgzscidzkzedaovoxmzzo"
    "9znv9zxzkozbnzdwzglzhzzzgzwo"
    "gzqzbzzekzfezz8xznzckzzzjzyp"
    "czzl7upz9zzovpjwznfzqzzzoztc"
    "juheojszszzgmbxnradexmpipzxi"
    "gzwzklzz8zzluzazzaslizzzwzuc"
    "izzz7zsiazztufktzheihzzzzzxf"
    "9zzz6zzzcwzuwqczznrjtzzzqzvk"
    "stffgjhzzzzkh9eozndczpzwzwzv"
    "ozzzcuzzszlzxvbqzz5xbznzztxo"
    "sszx3zzzezzsxgwvzugxpttzzzzg"
    "czzi8fuzazzfuzevzximhzzzozzn"
    "bfzv7zzzfzzqnrf9zzgtqzzzzzzl"
    "gzgbdrdznzwtzmeuztebiuzzpzzi"
    "uskkyjpzqzngf8lkz9kihrizzwzt"
    "azzwbzvqhzzdzz9kzenhkzzzqzwm"
    "fzzzzzmzzzzhzzzuzmzz1xxzzzzx"
    "fzsj8zqzfzsrqfbzzlfdhlzzlzzl"
    "lzmz8ztjfzrpzwikzzg8mzqznzzd"
    "ezptauybdzztxzfwzefkgzuzjzzf"
    "ojolcyvvizzddczizaegmwzzzzzt"
    "8zzz4zzz9zzzzxpzzzzzzzwzzzqq"
    "azzzczzaczztzfbzzifxzzzxzzzj"
    "izfvkzzvjzzyzzpczzy3zzyunzki"
    "wvyweyzzjzzmsbp8ztefyrozwpza"
    "cvzz4zzxfzzzvxozzpszvsxzureg"
    "nyzyyxzzzzzzzzzzzzzzzzzszzg9"
    "hnfjkjoofnqjlmlhxiejnlozzqed"
)
"""Row by row, the second sign behind the first; a sign of base 36 is so many quarters of a bit."""


def bits_per_pair(value: str) -> float:
    """Return the mean cost of the pairs of neighbours in bits; 0.0 for fewer than two signs."""
    signs = [_sign(letter) for letter in value.lower()]
    if len(signs) < 2:  # noqa: PLR2004 -- no pair
        return 0.0
    quarters = sum(int(_COSTS[first * _SIGNS + second], 36) for first, second in pairwise(signs))
    return quarters / 4 / (len(signs) - 1)


def holds_a_sequence(value: str) -> bool:
    """Return whether eight neighbours stand in order, as in `12345678` and other placeholders."""
    run = 1
    for before, after in pairwise(value):
        run = run + 1 if ord(after) == ord(before) + 1 else 1
        if run >= LONGEST_SEQUENCE:
            return True
    return False


def _sign(letter: str) -> int:
    if "a" <= letter <= "z":
        return ord(letter) - ord("a")
    return _DIGIT if "0" <= letter <= "9" else _OTHER
