"""One module of ours taken apart: what it imports, its own code, and what it exports."""

import posixpath
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from backend.services.packing.code import stripped
from backend.services.packing.names import shortened

_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "(\.[^"]+)";$', re.MULTILINE)
_DECLARED: Final = re.compile(
    r"^export ((?:async )?(?:function\*?|class|const|let) +([\w$]+))", re.MULTILINE
)
_PASSED_ON: Final = re.compile(r"^export \{([^}]*)\};$", re.MULTILINE)
_MODULE: Final = re.compile(r"^(?:import|export)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Import:
    """What a module takes from another: names with what it calls them, or all of it."""

    path: str
    names: tuple[tuple[str, str], ...]
    whole: str | None


@dataclass(frozen=True, slots=True)
class Module:
    """One file; `names` are what its code now calls what it was written with."""

    imports: tuple[Import, ...]
    code: str
    exports: tuple[str, ...]
    names: Mapping[str, str]

    @property
    def shared(self) -> AbstractSet[str]:
        """The names that it has from others, and those that it gives."""
        own = {mine for one in self.imports for _, mine in one.names}
        return own | {one.whole for one in self.imports if one.whole} | set(self.exports)

    def shortened(self, shared: Mapping[str, str]) -> "Module":
        """Return it with short names; `shared` are those of all modules."""
        code, names = shortened(self.code, shared, self.shared)
        return replace(self, code=code, names=names)

    def own(self, name: str) -> str:
        """Return what its code now calls something."""
        return self.names.get(name, name)


def is_module(source: str) -> bool:
    """Return whether code imports or exports anything; else it is run as it is."""
    return _MODULE.search(source) is not None


def read(path: str, source: str) -> Module:
    """Return a module's parts. Raise ValueError where it is written in a way not known here."""
    imports = tuple(
        Import(posixpath.normpath(posixpath.join(path, "..", other)), _pairs(names), whole or None)
        for names, whole, other in _IMPORT.findall(source)
    )
    declared = [name for _, name in _DECLARED.findall(source)]
    passed_on = [name for names in _PASSED_ON.findall(source) for name, _ in _pairs(names)]
    code = _PASSED_ON.sub("", _DECLARED.sub(r"\1", _IMPORT.sub("", source)))
    if is_module(code):
        raise ValueError(f"{path} imports or exports in a way that cannot be put together")
    return Module(imports, stripped(code).strip(), (*declared, *passed_on), {})


def _pairs(names: str) -> tuple[tuple[str, str], ...]:
    listed = [name.split() for name in names.split(",") if name.strip()]
    return tuple((words[0], words[-1]) for words in listed)
