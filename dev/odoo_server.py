"""Starts an Odoo server, waits until it answers, keeps its log, stops it."""

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from .odoo_process import Odoo
from .settings import DevError

START_SECONDS = 120
STOP_SECONDS = 15


class OdooServer:
    """One Odoo process (with its workers) on one database."""

    def __init__(
        self,
        odoo: Odoo,
        database: str,
        *,
        host: str,
        port: int | None,
        workers: int,
        options: tuple[str, ...],
        environment: Mapping[str, str],
        log: Path,
        public_url: str = "",
    ) -> None:
        self.odoo = odoo
        self.database = database
        self.host = host
        self.port = port if port and is_free(port) else free_port()
        self.workers = workers
        self.options = options
        self.variables = environment
        self.log = log
        self._public_url = public_url
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address without a slash at the end, that of the proxy if there is one; known before the server runs."""
        return self._public_url or f"http://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """The process that all others of this server descend from; it must be running."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start (again) on the same port, and wait for the first answer."""
        arguments = [
            *self.odoo.arguments(self.database),
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--workers={self.workers}",
            *([f"--gevent-port={free_port()}"] if self.workers else []),
            *self.options,
        ]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self.odoo.command(*arguments),
                env=self.odoo.environment(self.variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise DevError(f"Odoo ended while starting; see {self.log}\n{self._tail()}")
            if self._answers():
                return
            time.sleep(0.1)
        self.stop()
        raise DevError(
            f"Odoo did not answer within {START_SECONDS} s; see {self.log}\n{self._tail()}"
        )

    def _answers(self) -> bool:
        # a page of the database, not /web/health, so that the registry is loaded when the first test asks
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/web/login", headers={"Host": f"{self.host}:{self.port}"})
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _tail(self) -> str:
        return "\n".join(self.log_text().splitlines()[-25:])

    def log_text(self) -> str:
        """Everything the server has logged so far."""
        return self.log.read_text(errors="replace")

    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Stop the server; does nothing if it is not running."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """Stop and start again on the same port."""
        self.stop()
        self.start()


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def next_free_port(wished: int) -> int:
    """The wished port, or the next one above it that nobody listens on."""
    return next(port for port in range(wished, 65536) if is_free(port))


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
