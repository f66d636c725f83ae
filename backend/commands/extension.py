"""`quillgate extension`: the unpacked extension for one server."""

import argparse
import json
import os
import shutil
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from backend.core.config import Settings
from backend.core.errors import ConfigurationError

SOURCE: Final = Path(__file__).parents[2] / "extension"
_PARTS: Final = ("manifest.json", "managed_schema.json", "_locales", "src", "bundled", "icons")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.add_argument("--out", metavar="DIR", required=True, help="folder to write")
    parser.add_argument("--server", metavar="URL", help="the server's address (default PUBLIC_URL)")
    parser.add_argument("--enrol", metavar="CODE", help="enrolment code to put inside")
    parser.add_argument(
        "--crx", action="store_true", help="a packed one; comes with a later release"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the folder and say where it lies."""
    if arguments.crx:
        raise ConfigurationError(
            "Packing (--crx) comes with a later release. Until then write the folder without it "
            "and pack it with Chromium: chromium --pack-extension=DIR"
        )
    server: str = arguments.server or os.environ.get("PUBLIC_URL") or "http://127.0.0.1:8080"
    Settings.from_environment({"PUBLIC_URL": server, "MASTER_KEY": "A" * 43 + "="})
    out = Path(arguments.out)
    write_extension(out, server.rstrip("/"), arguments.enrol, option="--out")
    print(f"The extension for {server} lies in {out.resolve()}.")
    print("Load it: chrome://extensions, Developer mode, Load unpacked, choose that folder.")
    return 0


def write_extension(out: Path, server: str, code: str | None, *, option: str = "--data") -> None:
    """Copy the extension, tell it its server. Raise ConfigurationError for a folder not ours.

    `option` is what the caller's user chooses another place with.
    """
    if out.exists() and any(out.iterdir()) and not (out / "bundled" / "server.json").exists():
        raise ConfigurationError(
            f"{out} holds other files, so the extension was not written there. "
            f"Move them away, or choose another place with {option}."
        )
    try:
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        for part in _PARTS:
            source = SOURCE / part
            if source.is_dir():
                shutil.copytree(source, out / part)
            elif source.exists():
                shutil.copy2(source, out / part)
        bundled = {"server_url": server, "enrolment_code": code}
        (out / "bundled" / "server.json").write_text(json.dumps(bundled, indent=2) + "\n")
        _permit(out / "manifest.json", server)
    except OSError as error:
        raise ConfigurationError(
            f"The extension could not be written to {out} ({error.strerror})."
        ) from None


def _permit(manifest: Path, server: str) -> None:
    """Let this copy speak with its server unasked: an administrator's installation can ask nobody.

    A match pattern names a host and no port.
    """
    address = urlsplit(server)
    content = json.loads(manifest.read_text())
    sites = [host for host in content["host_permissions"] if host.startswith("https:")]
    own = f"{address.scheme}://{address.hostname}/*"
    content["host_permissions"] = [*sites, own]
    manifest.write_text(json.dumps(content, indent=2) + "\n")
