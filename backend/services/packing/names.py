"""Code in, the same with short names for its variables out; properties, keys and methods stay.

What modules give each other has one name everywhere; what stays in a module gets the shortest.
A name that a file uses without declaring it is the browser's, and stays.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import product
from string import ascii_letters
from typing import Final

from backend.services.packing.tokens import KEYWORDS, Outline

_LENGTHS: Final = (1, 2, 3)


def shared_names(sources: Iterable[tuple[str, AbstractSet[str]]]) -> dict[str, str]:
    """Return what each name becomes that modules share; `sources` are codes with such names."""
    counts: Counter[str] = Counter()
    kept: set[str] = set()
    for source, shared in sources:
        used, free = _used(Outline(source), shared)
        counts.update({name: used[name] for name in shared})
        kept |= free
    return _shortest({name: count for name, count in counts.items() if name not in kept}, kept)


def shortened(
    source: str, shared: Mapping[str, str], names: AbstractSet[str]
) -> tuple[str, dict[str, str]]:
    """Return a file's code with short names, and what its names became; `names` are shared ones."""
    outline = Outline(source)
    used, free = _used(outline, names)
    fixed = {name: shared.get(name, name) for name in names}
    local = {name: count for name, count in used.items() if name not in free | names}
    changed = fixed | _shortest(local, free | set(fixed.values()))
    return _renamed(outline, changed | _private(outline)), changed


def _private(outline: Outline) -> dict[str, str]:
    """Return what names become that no other file can say."""
    counts = Counter(outline.text(at) for at in outline.private())
    return {name: f"#{short}" for name, short in _shortest(counts, frozenset()).items()}


def _used(outline: Outline, shared: AbstractSet[str]) -> tuple[Counter[str], set[str]]:
    """Return how often each variable is named, and which ones are not declared."""
    used = Counter(outline.text(at) for at in outline.variables())
    return used, used.keys() - set(outline.declared()) - shared


def _shortest(counts: Mapping[str, int], taken: AbstractSet[str]) -> dict[str, str]:
    wanted = sorted(counts, key=lambda name: (-counts[name], name))
    return dict(zip(wanted, _unused(taken | KEYWORDS), strict=False))


def _unused(taken: AbstractSet[str]) -> Iterator[str]:
    for length in _LENGTHS:
        for letters in product(ascii_letters, repeat=length):
            if (name := "".join(letters)) not in taken:
                yield name


def _renamed(outline: Outline, names: Mapping[str, str]) -> str:
    places = [*outline.variables(), *outline.private()]
    changed = {at: names[text] for at in places if (text := outline.text(at)) in names}
    return "".join(
        _written(outline, at, changed.get(at)) + outline.space_behind(at) for at in outline.all()
    )


def _written(outline: Outline, at: int, name: str | None) -> str:
    text = outline.text(at)
    if name is None or name == text:
        return text
    return f"{text}:{name}" if outline.is_shorthand(at) else name
