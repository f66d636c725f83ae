"""Where each chat site's editor and prompts are, as data; and what the extension must ask for."""

import functools
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jsonschema import Draft202012Validator

from backend.core.errors import ConfigurationError
from backend.services.shared_data import SHARED_RULES

EXTENSION: Final = Path(__file__).parents[2] / "extension"
Adapter = Mapping[str, Any]


@functools.cache
def adapters(root: Path = SHARED_RULES) -> tuple[dict[str, Any], ...]:
    """Return every adapter, by id. Raise ConfigurationError for one that the schema refuses."""
    schema = json.loads((root / "schema" / "adapter.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    return tuple(_read(path, validator) for path in sorted((root / "adapters").glob("*.toml")))


def page_patterns(found: Sequence[Adapter]) -> list[str]:
    """Return the match patterns of the sites the extension's scripts stand on.

    Whole hosts: a person comes to the part of a site that is a chat without a page being loaded.
    """
    return _sorted(f"https://{_host(page)}/*" for adapter in found for page in adapter["match"])


def host_patterns(found: Sequence[Adapter]) -> list[str]:
    """Return the match patterns of every host the extension must see requests to."""
    hosts = set(page_patterns(found))
    requests = (request for adapter in found for request in adapter["requests"])
    # A socket's messages are seen in the page alone, so nothing is asked for its host.
    elsewhere = (one for one in requests if "host" in one and one["transport"] != "websocket")
    hosts |= {f"https://{one['host']}/*" for one in elsewhere}
    return _sorted(hosts)


def parts(found: Sequence[Adapter]) -> dict[str, dict[str, list[str]]]:
    """Return the hosts of which only a part is a chat: its paths, and where its prompts go."""
    made: dict[str, dict[str, list[str]]] = {}
    for adapter in found:
        for pattern in adapter["match"]:
            host, path = _host(pattern), pattern.split("/", _WHOLE_HOST)[-1].removesuffix("*")
            if path:
                part = made.setdefault(host, {"paths": [], "requests": []})
                part["paths"].append(f"/{path}")
                part["requests"] += [
                    f"https://{request.get('host', host)}{request['path']}"
                    for request in adapter["requests"]
                ]
    return dict(sorted(made.items()))


def generated(found: Sequence[Adapter]) -> dict[Path, bytes]:
    """Return the files of the extension that follow from the adapters."""
    manifest = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))
    return {
        EXTENSION / "bundled" / "adapters.js": _MODULE + _text(list(found)),
        EXTENSION / "bundled" / "parts.js": _SCRIPT + _text(parts(found)),
        EXTENSION / "manifest.json": _text(_permitted(manifest, found)),
    }


def _permitted(manifest: dict[str, Any], found: Sequence[Adapter]) -> dict[str, Any]:
    """Return the manifest with the hosts of the adapters; a new host asks people anew."""
    pages, hosts = page_patterns(found), host_patterns(found)
    own = [one for one in manifest["host_permissions"] if one.startswith("http:")]
    for resource in manifest["web_accessible_resources"]:
        resource["matches"] = pages
    scripts = [_script(world, pages) for world in _WORLDS]
    return {**manifest, "host_permissions": [*hosts, *own], "content_scripts": scripts}


# A module and not JSON: a service worker that is started anew cannot import JSON (Chromium 156).
_MODULE: Final = b"""// Written by `quillgate rules compile` from shared-rules/adapters.
/** @type {import("../src/messages.js").Adapter[]} */
export const bundled = """
# No module: what runs before the page's first script has no time to wait for one.
_SCRIPT: Final = b"""// Written by `quillgate rules compile` from shared-rules/adapters.
/** @type {Record<string, {paths: string[], requests: string[]} | undefined>} */
globalThis.quillgateParts = """
_WHOLE_HOST: Final = 3  # slashes of a pattern before its path
_WORLDS: Final = {
    "ISOLATED": [
        "bundled/parts.js",
        "src/content/covered.js",
        "src/content/hold-files.js",
        "src/content/start.js",
    ],
    "MAIN": ["src/content/page.js", "src/content/page-files.js"],
}


def _script(world: str, pages: list[str]) -> dict[str, Any]:
    """Return one entry of the manifest: one of our two worlds, before the page's first script.

    Frames without an address of their own belong to their page.
    """
    return {
        "matches": pages,
        "js": _WORLDS[world],
        "world": world,
        "run_at": "document_start",
        "all_frames": True,
        "match_origin_as_fallback": True,
    }


def _read(path: Path, validator: Draft202012Validator) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path} is not TOML: {error}.") from None
    for fault in validator.iter_errors(found):
        raise ConfigurationError(f"{path}: {fault.json_path}: {fault.message}. Mend the adapter.")
    return found


def _host(pattern: str) -> str:
    return pattern.split("/")[2]


def _sorted(patterns: Any) -> list[str]:
    return sorted(set(patterns), key=lambda pattern: pattern.removeprefix("https://"))


def _text(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
