"""`quillgate extension`: the extension for one server, as a folder, an archive or packed."""

import argparse
import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backend.core import crx
from backend.core.config import Settings
from backend.core.errors import ConfigurationError
from backend.services.extension_files import SOURCE, ExtensionFiles, extension_files
from backend.services.extension_package import PACKED, UPDATES, signing_key, update_manifest
from backend.services.packing.archive import zipped

__all__ = ["SOURCE", "add_arguments", "run", "write_extension"]
_MARK: Final = Path("bundled") / "server.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.add_argument("--out", metavar="DIR", required=True, help="folder to write")
    parser.add_argument("--server", metavar="URL", help="the server's address (default PUBLIC_URL)")
    parser.add_argument("--enrol", metavar="CODE", help="enrolment code to put inside")
    parser.add_argument(
        "--data", metavar="DIR", help="where the signing key is, or shall be (default DATA_DIR)"
    )
    parser.add_argument("--zip", action="store_true", help="an archive beside it, for a web store")
    parser.add_argument(
        "--crx", action="store_true", help="a packed one beside it, with its update manifest"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the folder and say where it lies."""
    server: str = arguments.server or os.environ.get("PUBLIC_URL") or "http://127.0.0.1:8080"
    Settings.from_environment({"PUBLIC_URL": server, "MASTER_KEY": "A" * 43 + "="})
    out, server = Path(arguments.out), server.rstrip("/")
    found = write_extension(out, server, arguments.enrol, option="--out")
    print(f"The extension for {server}, version {found.version}, build {found.build}, lies in")
    print(f"{out.resolve()}.")
    print("Load it: chrome://extensions, Developer mode, Load unpacked, choose that folder.")
    if arguments.zip:
        _write_archive(out.with_name(out.name + ".zip"), zipped(found.unpacked()))
    if arguments.crx:
        data = Path(arguments.data or os.environ.get("DATA_DIR") or ".data")
        _write_packed(out, server, found, data)
    return 0


def write_extension(
    out: Path, server: str, code: str | None, *, option: str = "--data", key: bytes | None = None
) -> ExtensionFiles:
    """Write the extension, told its server. Raise ConfigurationError for a folder not ours.

    `option` is what the caller's user chooses another place with; with the public `key` the folder
    has the id of the packed extension.
    """
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise ConfigurationError(
            f"{out} holds other files, so the extension was not written there. "
            f"Move them away, or choose another place with {option}."
        )
    try:
        found = extension_files(server, code)
        shutil.rmtree(out, ignore_errors=True)
        _write(out, found.unpacked(key))
    except OSError as error:
        raise ConfigurationError(
            f"The extension could not be written to {out} ({error.strerror})."
        ) from None
    return found


def _write(out: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _write_archive(path: Path, content: bytes) -> str:
    """Write a file and its SHA-256 beside it; the digest is what to compare before trusting it."""
    digest = hashlib.sha256(content).hexdigest()
    path.write_bytes(content)
    path.with_name(path.name + ".sha256").write_text(f"{digest}  {path.name}\n")
    print(f"{path.resolve()}  ({len(content):,} bytes, SHA-256 {digest})")
    return digest


def _write_packed(out: Path, server: str, found: ExtensionFiles, data: Path) -> None:
    key = signing_key(data)
    identity = crx.extension_id(crx.public_bytes(key))
    packed = crx.packed(zipped(found.self_hosted(server + UPDATES)), key)
    digest = _write_archive(out.with_name(out.name + ".crx"), packed)
    manifest = out.with_name(out.name + ".updates.xml")
    manifest.write_text(update_manifest(identity, server + PACKED, found.version, digest))
    print(
        f"{manifest.resolve()}  (its id is {identity}; the server hands out the same at {UPDATES})"
    )
