"""Installs the other providers, each in an environment of its own, fills their databases, and runs them."""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from dev import node_environment, python_environment
from dev.console import step
from dev.odoo_server import free_port
from dev.settings import DevError
from dev.workbench import Workbench

from ..contents import APPLICATIONS, CHALLENGE, PEOPLE, REDIRECT_URI, settle
from ..measurement import Measured, Plan
from ..routes import Route
from ..run import WORKERS, postgresql_pid
from .routes import THEIRS, WITH_SECRET, Endpoints, Prepared

HERE = Path(__file__).parent
START_SECONDS = 60
LIVE_TOKENS = 1_000
# What is put in is not measured, so nobody waits for the disk.
FILLING = {"PGOPTIONS": "-c synchronous_commit=off"}


@dataclass(frozen=True)
class Peer:
    """A provider under test, with the routes that are measured and how much."""

    name: str
    server: Measured
    routes: tuple[Route, ...]
    plan: Plan


@contextlib.contextmanager
def django_oauth_toolkit(
    workbench: Workbench, name: str, plan: Plan, *, hash_client_secret: bool
) -> Iterator[Peer]:
    """Django and gunicorn, with as many synchronous workers as our Odoo has."""
    python = python_environment.from_list(
        workbench.settings, "django", HERE / "django/requirements.txt"
    )
    environment, database = _environment(workbench, "django")
    # its package has the name of our add-on, which lies in the folder that we were started in
    folder = HERE / "django"
    environment |= {
        "PYTHONPATH": str(folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "settings",
        "PEER_KEY": _rsa_key(),
    }
    made = _fill(
        [python.python, folder / "fill.py"],
        {**environment, **FILLING},
        _job(plan, hash_client_secret=hash_client_secret),
        name,
    )
    settle(workbench.databases, database)
    port = free_port()
    command = [
        *(python.program("gunicorn"), "--workers", str(WORKERS), "--worker-class", "sync"),
        *("--bind", f"127.0.0.1:{port}", "django.core.wsgi:get_wsgi_application()"),
    ]
    endpoints = Endpoints("/o/token/", "/o/introspect/", "/o/revoke_token/", "/o/userinfo/")
    log = workbench.logs / f"peer-{database}.log"
    with _running(
        command, folder, environment, log, port, "/o/.well-known/openid-configuration"
    ) as pid:
        server = _measured(workbench, port, pid, Prepared(endpoints, made))
        yield Peer(name, server, WITH_SECRET if hash_client_secret else THEIRS, plan)


@contextlib.contextmanager
def node_oidc_provider(workbench: Workbench, name: str, plan: Plan) -> Iterator[Peer]:
    """Node.js, with as many processes."""
    installed = node_environment.locate(workbench.settings, HERE / "node")
    port = free_port()
    environment, database = _environment(workbench, "node")
    environment |= {
        "NODE_ENV": "production",
        "PEER_ISSUER": f"http://127.0.0.1:{port}",
        "PEER_PORT": str(port),
        "PEER_WORKERS": str(WORKERS),
        "PEER_KEY": _ec_key(),
    }
    # a module looks for packages beside itself and above
    with tempfile.TemporaryDirectory(dir=installed.folder, prefix="run-") as copied:
        folder = Path(copied)
        for source in (HERE / "node").glob("*.mjs"):
            shutil.copy(source, folder)
        fill = [installed.node, folder / "fill.mjs"]
        made = _fill(fill, {**environment, **FILLING}, _job(plan), name)
        settle(workbench.databases, database)
        endpoints = Endpoints("/token", "/token/introspection", "/token/revocation", "/me")
        command = [installed.node, folder / "server.mjs"]
        log = workbench.logs / f"peer-{database}.log"
        with _running(
            command, folder, environment, log, port, "/.well-known/openid-configuration"
        ) as pid:
            server = _measured(workbench, port, pid, Prepared(endpoints, made))
            yield Peer(name, server, THEIRS, plan)


def _environment(workbench: Workbench, label: str) -> tuple[dict[str, str], str]:
    """Variables for a process with a new database of its own, and the name of that."""
    database = workbench.clone_database("template0", label)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PG", "PYTHON", "NODE_", "DJANGO_", "GUNICORN_"))
    }
    own = {"PGDATABASE": database, "PEER_SECRET": secrets.token_urlsafe(50)}
    return {**inherited, **workbench.databases.pg_variables, **own}, database


def _job(plan: Plan, **more: Any) -> dict[str, Any]:
    """What to put in: as many people and applications as ours gets."""
    return {
        "people": PEOPLE,
        "applications": APPLICATIONS,
        "live": LIVE_TOKENS,
        "redeemed": plan.total + 1,
        "redirect_uri": REDIRECT_URI,
        "code_challenge": CHALLENGE,
        **more,
    }


def _fill(
    command: Sequence[Path], environment: Mapping[str, str], job: dict[str, Any], name: str
) -> dict[str, Any]:
    with step(f"put tokens into {name}"):
        done = subprocess.run(
            command,
            cwd=command[1].parent,
            env=environment,
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise DevError(f"{command[1].name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


@contextlib.contextmanager
def _running(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    port: int,
    path: str,
) -> Iterator[int]:
    """Have a server answer `path` for the time of the block; yields its first process."""
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _answers(port, path):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise DevError(f"{Path(command[0]).name} does not answer; see {log}")
                time.sleep(0.1)
            yield process.pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _measured(workbench: Workbench, port: int, pid: int, prepared: Prepared) -> Measured:
    return Measured("127.0.0.1", port, pid, postgresql_pid(workbench), prepared)


def _rsa_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _ec_key() -> str:
    jwk = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
    jwk.pop("key_ops", None)
    return json.dumps(jwk | {"kid": "k1", "alg": "ES256", "use": "sig"})
