"""Linux: one policy file, and a script that copies it to where each browser looks."""

import json

from backend.services.deployments.wish import Wish


def files(wish: Wish) -> dict[str, str]:
    """Return the files by name."""
    policy = {
        "ExtensionSettings": {wish.extension_id: wish.settings},
        "3rdparty": {"extensions": {wish.extension_id: wish.managed}},
    }
    return {
        "linux/quillgate.json": json.dumps(policy, indent=2) + "\n",
        "linux/install.sh": _INSTALL,
    }


_INSTALL = """#!/bin/sh
# Copies quillgate.json to where Chrome, Chromium and Edge look, and checks it. Run it as root.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
done=0
for folder in /etc/opt/chrome /etc/chromium /etc/opt/edge; do
  mkdir -p "$folder/policies/managed"
  install -m 0644 "$here/quillgate.json" "$folder/policies/managed/quillgate.json"
  cmp -s "$here/quillgate.json" "$folder/policies/managed/quillgate.json" || {
    echo "quillgate.json in $folder/policies/managed is not what was copied. Look at the disk." >&2
    exit 1
  }
  done=$((done + 1))
done
echo "Quillgate is set for $done browsers, which take it up within minutes or when started."
"""
