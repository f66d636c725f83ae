"""A Chromium whose administrator installs the extension, by a policy that it alone sees."""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization

from backend.commands.extension import write_extension

UPDATE = """<?xml version="1.0" encoding="UTF-8"?>
<gupdate xmlns="http://www.google.com/update2/response" protocol="2.0"><app appid="{id}">
<updatecheck codebase="http://127.0.0.1:{port}/extension.crx" version="0.1.0"/></app></gupdate>"""
POLICIES = Path("/etc/chromium")
# Mounts that nobody else sees, and are gone with the browser.
ALONE = 'mount --make-rprivate / && mount --bind {folder} {policies} && exec {chromium} "$@"'


def is_possible() -> bool:
    """Return whether this machine lets us give one browser a policy folder of its own."""
    if os.getuid() != 0 or shutil.which("unshare") is None or not POLICIES.is_dir():
        return False
    alone = ["unshare", "-m", "mount", "--make-rprivate", "/"]
    tried = subprocess.run(alone, capture_output=True, check=False)
    return tried.returncode == 0


class _Files(SimpleHTTPRequestHandler):
    """Gives the files out from a moment of the test's choice on."""

    def __init__(self, *arguments: Any, may_come: threading.Event, **options: Any) -> None:
        self._may_come = may_come
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        """Answer, but not before the extension may come."""
        self._may_come.wait(60)
        super().do_GET()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def administered(
    chromium: str, folder: Path, server_url: str, code: str, may_come: threading.Event
) -> Iterator[Path]:
    """Pack the extension, serve it once it may come, and yield a Chromium told to install it."""
    write_extension(folder / "extension", server_url, code)
    subprocess.run(
        [chromium, "--headless=new", "--no-sandbox", f"--user-data-dir={folder / 'packing'}",
         f"--pack-extension={folder / 'extension'}"],
        capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    identity = _identity(folder / "extension.pem")
    answer = partial(_Files, directory=str(folder), may_come=may_come)
    files = ThreadingHTTPServer(("127.0.0.1", 0), answer)
    threading.Thread(target=files.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{files.server_port}/update.xml"
    (folder / "update.xml").write_text(UPDATE.format(id=identity, port=files.server_port))
    managed = folder / "policies" / "policies" / "managed"
    managed.mkdir(parents=True)
    policy = {
        "ExtensionInstallForcelist": [f"{identity};{address}"],
        "DeveloperToolsAvailability": 1,
    }
    (managed / "quillgate.json").write_text(json.dumps(policy))
    program = folder / "chromium.sh"
    inner = ALONE.format(
        folder=shlex.quote(str(folder / "policies")), policies=POLICIES, chromium=chromium
    )
    program.write_text(f'#!/bin/sh\nexec unshare -m sh -c {shlex.quote(inner)} sh "$@"\n')
    program.chmod(0o755)
    try:
        yield program
    finally:
        may_come.set()
        files.shutdown()
        files.server_close()


def _identity(key: Path) -> str:
    """Return the extension's id: the first half of its key's digest, in the letters a to p."""
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return "".join(
        chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(public).hexdigest()[:32]
    )
