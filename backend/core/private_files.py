"""Files only this user may read: passwords, keys, demo credentials."""

import json
import os
from pathlib import Path
from typing import Any

from backend.core.errors import ConfigurationError

DATABASE_LOGIN = "postgres-password.json"
MASTER_KEY = "secrets.json"


def write_private_json(path: Path, content: dict[str, Any]) -> None:
    """Write a JSON file with mode 0600, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_private_json(path: Path) -> dict[str, Any]:
    """Read such a file. Raise ConfigurationError when it is damaged or readable by others."""
    try:
        if os.name != "nt" and path.stat().st_mode & 0o077:
            raise ConfigurationError(
                f"{path} can be read by other users of this machine. Run `chmod 600 {path}`."
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"{path} cannot be read ({type(error).__name__}). Restore it from your backup."
        ) from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} is damaged. Restore it from your backup.")
    return content
