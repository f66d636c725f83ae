"""The files of the extension for one server, and what names exactly these files."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from backend.services.packing.files import packed

SOURCE: Final = Path(__file__).parents[2] / "extension"
PARTS: Final = ("manifest.json", "managed_schema.json", "_locales", "src", "bundled", "icons")
# Rules come signed from the server; the copy in the repository serves tests and measurements.
_LEFT_OUT: Final = frozenset({"bundled/rulebook.json"})
_MANIFEST: Final = "manifest.json"
_BUILD: Final = "bundled/build.json"
_SERVER: Final = "bundled/server.json"
_BUILD_DIGITS: Final = 16

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class ExtensionFiles:
    """Everything but what differs between a folder, a store's archive and a packed one."""

    files: Files
    version: str
    build: str
    """The first 16 hex digits of the SHA-256 over all files: what a browser reports."""

    def unpacked(self, public_key: bytes | None = None) -> Files:
        """Return the files of a folder; with a key it has the id of the packed extension."""
        if public_key is None:
            return self.files
        return self._with(key=base64.b64encode(public_key).decode())

    def self_hosted(self, update_url: str) -> Files:
        """Return the files of a packed extension that looks for updates at `update_url`."""
        return self._with(update_url=update_url)

    def _with(self, **fields: str) -> Files:
        manifest = json.loads(self.files[_MANIFEST])
        return {**self.files, _MANIFEST: _json({**manifest, **fields})}


def extension_files(server: str, code: str | None, source: Path = SOURCE) -> ExtensionFiles:
    """Return the extension told its server. Raise OSError where it cannot be read."""
    files = packed(dict(_read(source)))
    manifest = _permitted(json.loads(files[_MANIFEST]), server)
    files[_MANIFEST] = _json(manifest)
    files[_SERVER] = _json({"server_url": server, "enrolment_code": code})
    build = _digest(files)
    files[_BUILD] = _json({"build": build})
    return ExtensionFiles(dict(sorted(files.items())), manifest["version"], build)


def _read(source: Path) -> Iterator[tuple[str, bytes]]:
    for part in PARTS:
        root = source / part
        found = root.rglob("*") if root.is_dir() else [root]
        for path in found:
            name = path.relative_to(source).as_posix()
            if path.is_file() and name not in _LEFT_OUT:
                yield name, path.read_bytes()


def _permitted(manifest: dict[str, Any], server: str) -> dict[str, Any]:
    """Let this copy speak with its server unasked: an administrator's installation can ask nobody.

    A match pattern names a host and no port.
    """
    address = urlsplit(server)
    sites = [host for host in manifest["host_permissions"] if host.startswith("https:")]
    own = f"{address.scheme}://{address.hostname}/*"
    return {**manifest, "host_permissions": [*sites, own]}


def _digest(files: Files) -> str:
    """Return the digest of names and contents; the code put inside is no part of the build."""
    listed = hashlib.sha256()
    for name, content in sorted(files.items()):
        if name not in {_SERVER, _BUILD}:
            listed.update(f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode())
    return listed.hexdigest()[:_BUILD_DIGITS]


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
