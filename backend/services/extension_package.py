"""The extension as browsers fetch it from this server: signed, with the manifest of its update."""

import asyncio
import contextlib
import functools
import hashlib
import os
from pathlib import Path
from typing import Final, Self
from xml.sax.saxutils import quoteattr

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from backend.core import crx
from backend.core.errors import ConfigurationError, Unavailable
from backend.core.private_files import read_private_json, write_private_json
from backend.services.extension_files import ExtensionFiles, extension_files
from backend.services.packing.archive import zipped

KEY_FILE: Final = "extension-key.json"
UPDATES: Final = "/api/v1/extension/updates.xml"
PACKED: Final = "/api/v1/extension/quillgate.crx"


class ExtensionPackage:
    """Packs once; the key stays in the data directory, and with it the extension's id."""

    def __init__(self, data_dir: Path, public_url: str) -> None:
        self._data_dir = data_dir
        self._public_url = public_url
        self._packing = asyncio.Lock()

    async def read(self) -> ExtensionFiles:
        """Return the files; whoever asks first waits a second, and nobody else does."""
        return await asyncio.to_thread(lambda: self.files)

    async def ready(self) -> Self:
        """Return it packed, which takes some seconds the first time and is done once."""
        async with self._packing:
            await asyncio.to_thread(lambda: self.packed)
        return self

    async def prepare(self, after_seconds: float) -> None:
        """Pack it in a while, so that nobody waits for it; what is in the way, who asks is told."""
        await asyncio.sleep(after_seconds)
        with contextlib.suppress(Exception):
            await self.ready()

    @functools.cached_property
    def files(self) -> ExtensionFiles:
        """The files for this server, without an enrolment code."""
        return extension_files(self._public_url, None)

    @functools.cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        try:
            return signing_key(self._data_dir)
        except ConfigurationError as error:
            raise Unavailable(error.message, retry_after_seconds=60) from None

    @functools.cached_property
    def packed(self) -> bytes:
        """The signed archive (CRX3)."""
        return crx.packed(zipped(self.files.self_hosted(self.update_url)), self._key)

    @functools.cached_property
    def id(self) -> str:
        """Which id browsers give it."""
        return crx.extension_id(crx.public_bytes(self._key))

    @property
    def update_url(self) -> str:
        """Where browsers look for the newest version."""
        return self._public_url + UPDATES

    @property
    def digest(self) -> str:
        """The SHA-256 of the signed archive, in hex."""
        return hashlib.sha256(self.packed).hexdigest()

    def update_manifest(self) -> str:
        """Return the update manifest (Omaha protocol 2.0, as Chrome and Edge read it)."""
        return update_manifest(self.id, self._public_url + PACKED, self.files.version, self.digest)


def update_manifest(identity: str, codebase: str, version: str, digest: str) -> str:
    """Return what tells a browser where the newest version is."""
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        "<gupdate xmlns='http://www.google.com/update2/response' protocol='2.0'>\n"
        f"  <app appid={quoteattr(identity)}>\n"
        f"    <updatecheck codebase={quoteattr(codebase)} version={quoteattr(version)}"
        f" hash_sha256={quoteattr(digest)}/>\n"
        "  </app>\n"
        "</gupdate>\n"
    )


def _make_key(path: Path) -> None:
    """Write a key; of several processes that do so at once, the first one's stays."""
    pem = rsa.generate_private_key(65537, crx.KEY_BITS).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    made = path.with_name(f"{path.name}.{os.getpid()}")
    write_private_json(made, {"private_key": pem.decode()})
    with contextlib.suppress(FileExistsError):
        os.link(made, path)
    made.unlink()


def signing_key(data_dir: Path) -> rsa.RSAPrivateKey:
    """Return the key in the data directory, made where there is none. Raise ConfigurationError."""
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
    except OSError as error:
        raise ConfigurationError(
            f"The key that signs the extension cannot be written to {path} ({error.strerror}). "
            "Set DATA_DIR to a directory that this server may write and that is kept."
        ) from None
    try:
        pem = str(read_private_json(path)["private_key"]).encode()
        key = serialization.load_pem_private_key(pem, None)
    except (KeyError, ValueError):
        key = None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigurationError(f"{path} holds no RSA key. Restore it from your backup.")
    return key
