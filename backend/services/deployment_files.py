"""One client's files for every browser of an office: what device management takes, filled in."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from backend.core.principal import Principal
from backend.services.clients import Clients
from backend.services.deployments import apple, linux, windows
from backend.services.deployments.wish import Wish
from backend.services.enrolment import Enrolment
from backend.services.extension_package import ExtensionPackage

LONGEST: Final = timedelta(days=90)
_README: Final = "README.txt"


@dataclass(frozen=True, slots=True)
class Deployment:
    """The files, and until when the code inside them works."""

    files: dict[str, str]
    extension_id: str
    update_url: str
    version: str
    build: str
    sha256: str
    uses: int
    expires_at: datetime

    def archive(self) -> bytes:
        """Return the files as one ZIP."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.files.items():
                archive.writestr(f"quillgate/{name}", text)
        return made.getvalue()


class DeploymentFiles:
    """Makes the files with a code of their own; the code is kept as a hash, so they come once."""

    def __init__(
        self, clients: Clients, enrolment: Enrolment, package: ExtensionPackage, public_url: str
    ) -> None:
        self._clients = clients
        self._enrolment = enrolment
        self._package = package
        self._public_url = public_url

    async def make(
        self, principal: Principal, client_id: UUID, uses: int, lifetime: timedelta
    ) -> Deployment:
        """Return the files for `uses` browsers of one client. Raise NotFound, Forbidden."""
        principal.require("device:enrol-code")
        client = await self._clients.one(principal, client_id)
        package = await self._package.ready()
        code = await self._enrolment.create_code(principal, client_id, uses, min(lifetime, LONGEST))
        wish = Wish(
            client.name, package.id, package.update_url, self._public_url, code.code,
            code.expires_at,
        )  # fmt: skip
        files = {
            **windows.files(wish), **apple.files(wish), **linux.files(wish), _README: _readme(wish)
        }  # fmt: skip
        return Deployment(
            files, package.id, package.update_url, package.files.version, package.files.build,
            package.digest, uses, code.expires_at,
        )  # fmt: skip


def _readme(wish: Wish) -> str:
    return f"""Quillgate for {wish.client}

These files install the Quillgate extension in Chrome and Edge and connect each browser to
{wish.server}. They hold an enrolment code: whoever has it can connect a browser to your
organisation, so keep them like a password. The code works until
{wish.expires_at:%Y-%m-%d %H:%M} UTC; browsers that are connected by then stay connected.

Extension id   {wish.extension_id}
Updates from   {wish.update_url}

Windows, Intune or RMM   windows/Set-Quillgate.ps1, as SYSTEM, 64-bit. It sets everything, reads it
                         back and ends with exit code 1 and a sentence where something is not so.
                         Test-Quillgate.ps1 only looks: use it as a detection script.
Windows, group policy    windows/Set-Quillgate.ps1 as a computer start-up script.
Windows, one computer    windows/quillgate.reg
macOS, any MDM           macos/quillgate.mobileconfig
macOS, Jamf              macos/jamf/*.plist, each as Application & Custom Settings of its own name
Linux                    linux/quillgate.json; linux/install.sh copies it and checks it

On Windows and macOS a browser force-installs from a server of your own only where the computer is
joined to a domain, or the browser is managed (Intune, Jamf, Chrome Enterprise Core). Elsewhere
publish the extension in the web stores and set the store's address for "Updates from".

Check: chrome://policy or edge://policy shows ExtensionSettings without an error; the extension's
button says "on"; the browser stands under Browsers in the console within a minute.
"""
