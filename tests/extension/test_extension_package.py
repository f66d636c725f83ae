"""What is packed is the same everywhere, signed, and named by its key."""

import hashlib
import json
import struct
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from backend.core import crx
from backend.core.errors import ConfigurationError, Unavailable
from backend.services.extension_files import SOURCE, extension_files
from backend.services.extension_package import ExtensionPackage, signing_key
from backend.services.packing.archive import deflated, zipped

SERVER = "https://quillgate.example"
PACKAGE_LIMIT = 150_000


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> ExtensionPackage:
    return ExtensionPackage(tmp_path_factory.mktemp("data"), SERVER)


def test_the_archive_is_the_same_byte_for_byte_and_small() -> None:
    first = zipped(extension_files(SERVER, None).files)
    deflated.cache_clear()
    second = zipped(extension_files(SERVER, None).files)
    assert first == second
    assert len(first) < PACKAGE_LIMIT
    assert "rulebook.json" not in first.decode("latin1")


def test_a_build_is_named_by_every_file_and_not_by_the_code_inside(tmp_path: Path) -> None:
    plain = extension_files(SERVER, None)
    assert extension_files(SERVER, "ABCD-EFGH-IJKL-MNOP").build == plain.build
    assert extension_files("https://other.example", None).build != plain.build
    for name in ("manifest.json", "managed_schema.json", "src"):
        (tmp_path / name).symlink_to(SOURCE / name)
    (tmp_path / "bundled").mkdir()
    (tmp_path / "bundled" / "texts.js").symlink_to(SOURCE / "bundled" / "texts.js")
    (tmp_path / "bundled" / "adapters.js").write_text("export const bundled = [];")
    assert extension_files(SERVER, None, tmp_path).build != plain.build
    assert json.loads(plain.files["bundled/build.json"]) == {"build": plain.build}


def test_a_packed_extension_is_signed_by_the_key_that_names_it(package: ExtensionPackage) -> None:
    packed = package.packed
    magic, version, length = struct.unpack("<4sII", packed[:12])
    header, archive = packed[12 : 12 + length], packed[12 + length :]
    assert (magic, version) == (b"Cr24", 3)
    key = signing_key(package._data_dir)  # noqa: SLF001 -- what it was signed with
    public = crx.public_bytes(key)
    assert public in header
    assert crx.packed(archive, key) == packed
    signed_data = b"\x0a\x10" + hashlib.sha256(public).digest()[:16]
    signature = header[header.index(b"\x12\x80\x02") + 3 :][:256]
    signed = b"CRX3 SignedData\x00" + struct.pack("<I", len(signed_data)) + signed_data + archive
    key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    digits = hashlib.sha256(public).hexdigest()[:32]
    assert package.id == "".join("abcdefghijklmnop"[int(digit, 16)] for digit in digits)


def test_only_the_packed_one_looks_for_updates_and_only_the_folder_names_its_key(
    package: ExtensionPackage, tmp_path: Path
) -> None:
    files = package.files
    packed = json.loads(files.self_hosted(package.update_url)["manifest.json"])
    folder = json.loads(files.unpacked(b"key")["manifest.json"])
    store = json.loads(files.unpacked()["manifest.json"])
    assert packed["update_url"] == f"{SERVER}/api/v1/extension/updates.xml"
    assert "key" not in packed
    assert folder["key"] == "a2V5"
    assert not store.keys() & {"key", "update_url"}
    (tmp_path / "p.zip").write_bytes(zipped(files.files))
    names = zipfile.ZipFile(tmp_path / "p.zip").namelist()
    assert names == sorted(names)


def test_the_update_manifest_names_exactly_the_packed_file(package: ExtensionPackage) -> None:
    manifest = package.update_manifest()
    for said in (package.id, package.digest, package.files.version, f"{SERVER}/api/v1/extension/"):
        assert said in manifest
    assert package.digest == hashlib.sha256(package.packed).hexdigest()


def test_the_key_stays_and_a_damaged_one_is_said(tmp_path: Path) -> None:
    first = crx.public_bytes(signing_key(tmp_path))
    assert crx.public_bytes(signing_key(tmp_path)) == first
    path = tmp_path / "extension-key.json"
    assert path.stat().st_mode & 0o077 == 0
    path.write_text('{"private_key": "no key"}')
    with pytest.raises(ConfigurationError, match="extension-key"):
        signing_key(tmp_path)


def test_a_server_that_can_keep_no_key_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(Unavailable, match="DATA_DIR"):
        _ = ExtensionPackage(blocked / "data", SERVER).packed


def test_an_id_is_the_first_half_of_a_digest_in_letters_from_a_to_p() -> None:
    # SHA-256 of nothing is e3b0c442 98fc1c14 9afbf4c8 996fb924 ...
    assert crx.extension_id(b"") == "odlameecjipmbmbejkplpemijjgpljce"


async def test_it_is_packed_before_anybody_asks_and_what_is_in_the_way_stops_no_start(
    tmp_path: Path,
) -> None:
    package = ExtensionPackage(tmp_path, SERVER)
    await package.prepare(0)
    assert "packed" in vars(package)
    blocked = tmp_path / "file"
    blocked.write_text("")
    unable = ExtensionPackage(blocked / "data", SERVER)
    await unable.prepare(0)
    with pytest.raises(Unavailable):
        await unable.ready()
