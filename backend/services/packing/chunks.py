"""Modules in, fewer files out: what the same entries need is put together in one.

Each module stays a scope of its own; what it exports is what its function returns. Entries keep
their paths. The order is that of the imports, which never go in a circle.
"""

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from backend.services.packing.modules import Import, Module

TOGETHER: Final = "src/together"


@dataclass(slots=True)
class Chunk:
    """Modules that the same entries need."""

    path: str
    modules: list[str] = field(default_factory=list)


def together(modules: Mapping[str, Module], entries: AbstractSet[str]) -> dict[str, str]:
    """Return the files that take the place of all modules. Raise ValueError for a circle."""
    needs = {entry: _needed(entry, modules) for entry in sorted(entries)}
    order = list(dict.fromkeys(path for found in needs.values() for path in found))
    homes = {entry: _home(entry, needs[entry], entries) for entry in entries}
    chunks: dict[frozenset[str], Chunk] = {}
    for path in order:
        needed_by = frozenset(homes[entry] for entry in entries if path in needs[entry])
        chunk = chunks.setdefault(needed_by, Chunk(f"{TOGETHER}/{len(chunks)}.js"))
        chunk.modules.append(path)
        if homes.get(path) == path:
            chunk.path = path
    writing = _Writing(modules, entries, order, chunks.values())
    made = {chunk.path: writing.content(chunk) for chunk in chunks.values()}
    return made | {path: writing.passed_on(path) for path, home in homes.items() if home != path}


def _home(entry: str, needs: Iterable[str], entries: AbstractSet[str]) -> str:
    """Return the entry that another one needs, and that is there wherever it is; else itself."""
    return next((path for path in needs if path in entries), entry)


def _needed(
    path: str, modules: Mapping[str, Module], found: dict[str, bool] | None = None
) -> list[str]:
    """Return what a module needs, each behind what it needs itself, and it last."""
    found = {} if found is None else found  # whether all that a module needs is found
    found[path] = False
    for other in modules[path].imports:
        if other.path not in found:
            _needed(other.path, modules, found)
        elif not found[other.path]:
            raise ValueError(f"{path} and {other.path} import each other")
    del found[path]  # to stand behind what it needs
    found[path] = True
    return list(found)


class _Writing:
    """What is needed elsewhere is named for all, where no two modules give something one name."""

    def __init__(
        self,
        modules: Mapping[str, Module],
        entries: AbstractSet[str],
        order: Iterable[str],
        chunks: Iterable[Chunk],
    ) -> None:
        self._modules = modules
        self._entries = entries
        self._place = {path: chunk.path for chunk in chunks for path in chunk.modules}
        self._number = {path: f"M{number}" for number, path in enumerate(order)}
        imports = [one for path in self._number for one in modules[path].imports]
        self._open = {one.path for one in imports if one.whole} | entries
        """Whose exports keep the names they were written with, in one object."""
        given = Counter(name for path in self._number for name in modules[path].exports)
        self._apart = {
            path
            for path in self._number
            for name in modules[path].exports
            if given[name] > 1 or modules[path].own(name) == name  # maybe the browser's, elsewhere
        }

    def content(self, chunk: Chunk) -> str:
        """Return one file."""
        lines = [*self._imports(chunk), *(self._scope(path) for path in chunk.modules)]
        if chunk.path in self._entries:
            lines.append(self._exports(chunk.path))
        if wanted := self._wanted_of(chunk):
            lines.append(f"export{{{','.join(sorted(wanted))}}};")
        return "\n".join(lines) + "\n"

    def passed_on(self, path: str) -> str:
        """Return the file of an entry that is in another one's."""
        there = _address(self._place[path], path)
        return f'import{{{self._number[path]}}}from"{there}";\n{self._exports(path)}\n'

    def _exports(self, path: str) -> str:
        names = ",".join(self._modules[path].exports)
        return f"export const{{{names}}}={self._number[path]};" if names else ""

    def _is_whole(self, path: str) -> bool:
        return path in self._open | self._apart

    def _wanted(self, path: str) -> Iterator[tuple[str, str]]:
        """Yield the names a module needs from other files, each with that file."""
        for one in self._modules[path].imports:
            if (there := self._place[one.path]) == self._place[path]:
                continue
            if self._is_whole(one.path):
                yield there, self._number[one.path]
            else:
                yield from ((there, self._key(one.path, theirs)) for theirs, _ in one.names)

    def _wanted_of(self, chunk: Chunk) -> set[str]:
        found = (wanted for path in self._number for wanted in self._wanted(path))
        guests = self._entries & set(chunk.modules) - {chunk.path}
        return {name for there, name in found if there == chunk.path} | {
            self._number[path] for path in guests
        }

    def _imports(self, chunk: Chunk) -> Iterator[str]:
        others: dict[str, set[str]] = {}
        for path in chunk.modules:
            for there, name in self._wanted(path):
                others.setdefault(there, set()).add(name)
        for there, names in sorted(others.items()):
            yield f'import{{{",".join(sorted(names))}}}from"{_address(there, chunk.path)}";'

    def _scope(self, path: str) -> str:
        module = self._modules[path]
        taken = "".join(self._taken(module, one) for one in module.imports)
        given = ",".join(_pair(self._key(path, name), module.own(name)) for name in module.exports)
        end = f"\nreturn{{{given}}};" if given else ""
        name = self._number[path] if self._is_whole(path) else f"{{{given}}}"
        start = f"const {name}=" if given else ""
        return f"{start}(()=>{{{taken}{module.code}{end}}})();"

    def _taken(self, module: Module, one: Import) -> str:
        number = self._number[one.path]
        if one.whole:
            return f"const {module.own(one.whole)}={number};"
        pairs = [(self._key(one.path, theirs), module.own(mine)) for theirs, mine in one.names]
        if self._is_whole(one.path):
            return f"const{{{','.join(_pair(*pair) for pair in pairs)}}}={number};"
        return "".join(f"const {mine}={theirs};" for theirs, mine in pairs if theirs != mine)

    def _key(self, path: str, name: str) -> str:
        return name if path in self._open else self._modules[path].own(name)


def _address(path: str, seen_from: str) -> str:
    address = posixpath.relpath(path, posixpath.dirname(seen_from))
    return address if address.startswith(".") else f"./{address}"


def _pair(key: str, name: str) -> str:
    return key if key == name else f"{key}:{name}"
