"""Files in, a ZIP archive out: the same bytes wherever and whenever it is made, and few of them.

Compressed by zopfli, which zipfile cannot be told to use (PKWARE APPNOTE 6.3.10, sections 4.3.7,
4.3.12 and 4.3.16).
"""

import functools
import struct
import zlib
from collections.abc import Mapping
from typing import Final

from zopfli.zlib import compress

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_ON_UNIX_VERSION_2: Final = 3 << 8 | 20
_VERSION_2: Final = 20
_NAMES_ARE_UTF_8: Final = 1 << 11
_DEFLATED: Final = 8
_EPOCH: Final = (0, 1 << 5 | 1)  # midnight of 1 January 1980, the first a ZIP can name
_PLAIN_FILE: Final = 0o100644 << 16
_ZLIB_HEAD, _ZLIB_TAIL = 2, 4
_ROUNDS: Final = 1  # 15, zopfli's default, take twice as long for 0.2 % less


@functools.lru_cache(maxsize=256)
def deflated(content: bytes) -> bytes:
    """Return content as RFC 1951 has it; most files of an archive are those of the last one."""
    made: bytes = compress(content, numiterations=_ROUNDS)
    return made[_ZLIB_HEAD:-_ZLIB_TAIL]


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the archive."""
    parts, listed, place = [], [], 0
    for name, content in sorted(files.items()):
        path = name.encode()
        data = deflated(content)
        about = (
            _NAMES_ARE_UTF_8, _DEFLATED, *_EPOCH, zlib.crc32(content), len(data), len(content),
            len(path), 0,
        )  # fmt: skip
        part = _LOCAL.pack(b"PK\3\4", _VERSION_2, *about) + path + data
        entry = (_ON_UNIX_VERSION_2, _VERSION_2, *about, 0, 0, 0, _PLAIN_FILE, place)
        listed.append(_CENTRAL.pack(b"PK\1\2", *entry) + path)
        parts.append(part)
        place += len(part)
    directory = b"".join(listed)
    end = _END.pack(b"PK\5\6", 0, 0, len(files), len(files), len(directory), place, 0)
    return b"".join(parts) + directory + end
