"""The files as they lie in the repository in, those that are shipped out: the same, but smaller."""

import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from backend.services.packing.chunks import together
from backend.services.packing.code import stripped, tightened
from backend.services.packing.modules import is_module, read
from backend.services.packing.names import shared_names, shortened
from backend.services.packing.texts import with_texts_together

_PATH: Final = r'"/?(src/[\w/-]+\.js)"'
_STARTED: Final = re.compile(r"(?:getURL|new Worker)\(" + _PATH)
_SCRIPT: Final = re.compile(r'<script type="module" src="([\w/-]+\.js)">')
_STYLE_SPACE: Final = re.compile(r"/\*.*?\*/|\s+", re.DOTALL)


def packed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what does the same with fewer and shorter files."""
    return dict(_packed(tuple(sorted(files.items()))))


@functools.lru_cache(maxsize=2)
def _packed(listed: tuple[tuple[str, bytes], ...]) -> dict[str, bytes]:
    files = with_texts_together(dict(listed))
    scripts = {name: text.decode() for name, text in files.items() if name.endswith(".js")}
    modules = {name: read(name, text) for name, text in scripts.items() if is_module(text)}
    others = {name: stripped(text) for name, text in scripts.items() if name not in modules}
    shared = shared_names((module.code, module.shared) for module in modules.values())
    entries = modules.keys() & set(_entries(files, scripts))
    made = together({path: one.shortened(shared) for path, one in modules.items()}, entries)
    made |= {path: shortened(code, {}, frozenset())[0] for path, code in others.items()}
    rest = {name: _shorter(name, content) for name, content in files.items() if name not in scripts}
    return rest | {name: tightened(one).encode() for name, one in made.items()}


def _entries(files: Mapping[str, bytes], scripts: Mapping[str, str]) -> Iterator[str]:
    yield json.loads(files["manifest.json"])["background"]["service_worker"]
    for source in scripts.values():
        yield from _STARTED.findall(source)
    for name, content in files.items():
        if name.endswith(".html"):
            folder = name.rsplit("/", 1)[0]
            yield from (f"{folder}/{path}" for path in _SCRIPT.findall(content.decode()))


def _shorter(name: str, content: bytes) -> bytes:
    shorter = _SHORTER.get(name.rsplit(".", 1)[-1])
    return shorter(content.decode()).encode() if shorter else content


def _json(content: str) -> str:
    return json.dumps(json.loads(content), ensure_ascii=False, separators=(",", ":"))


def _css(content: str) -> str:
    return _STYLE_SPACE.sub(" ", content)


_SHORTER: Final[Mapping[str, Callable[[str], str]]] = {"json": _json, "css": _css}
