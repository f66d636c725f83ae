"""The interface's texts in all languages in one module, so that their names are there once."""

import json
import re
from collections.abc import Mapping
from typing import Final

TEXTS: Final = "bundled/texts.js"
_CATALOGUE: Final = re.compile(r"_locales/(\w+)/messages\.json")
_ASKED_OF_THE_BROWSER: Final = re.compile(r'__MSG_(\w+)__|getMessage\("(\w+)"')


def with_texts_together(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files; what the browser itself says stays where it looks for it."""
    catalogues = {
        found[1]: json.loads(content)
        for name, content in files.items()
        if (found := _CATALOGUE.fullmatch(name))
    }
    said = "".join(text.decode() for name, text in files.items() if name.endswith((".js", ".json")))
    kept = {name for names in _ASKED_OF_THE_BROWSER.findall(said) for name in names if name}
    names = sorted({name for texts in catalogues.values() for name in texts} - kept)
    rest = {
        f"_locales/{language}/messages.json": json.dumps(
            {name: text for name, text in texts.items() if name in kept}, ensure_ascii=False
        ).encode()
        for language, texts in catalogues.items()
    }
    return {**files, **rest, TEXTS: _module(names, catalogues)}


def _module(names: list[str], catalogues: Mapping[str, Mapping[str, Mapping[str, str]]]) -> bytes:
    texts = {
        language: "\n".join(catalogue[name]["message"] for name in names)
        for language, catalogue in sorted(catalogues.items())
    }
    said = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    listed = json.dumps(" ".join(names))
    return f"export const NAMES = {listed};\nexport const TEXTS = {said};\n".encode()
