"""Keeps two Quillgates from working in one data directory; the system lets go when one dies."""

import contextlib
import os
import sys
from pathlib import Path

from backend.core.errors import ConfigurationError


class DirectoryLock:
    """An advisory lock on a file in a data directory, held as long as this process wants it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock. Raise ConfigurationError when another living process holds it."""
        try:
            descriptor = os.open(self._folder / "in-use.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ConfigurationError(
                f"The data directory {self._folder} cannot be written ({error.strerror}). "
                "Choose another one with --data or give this user the right to write it."
            ) from None
        try:
            _lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise ConfigurationError(
                f"Another Quillgate already works in {self._folder}. Stop it first, or choose "
                "another directory with --data; nothing was changed."
            ) from None
        self._descriptor = descriptor

    @property
    def is_held(self) -> bool:
        """Whether this process works in the directory."""
        return self._descriptor is not None

    def release(self) -> None:
        """Let another process have it."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 -- absent elsewhere

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415 -- absent on Windows

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
