"""Apache with mod_auth_openidc, Debian's packages, run by whoever asks from a configuration of its own."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from . import debian_programs
from .odoo_server import free_port
from .settings import DevError
from .workbench import Workbench

START_SECONDS = 15
MODULES = (
    "mpm_event",
    "authn_core",
    "authz_core",
    "authz_user",
    "auth_openidc",
    "ssl",
    "dir",
    "headers",
)
_CONFIGURATION = """
ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}
Mutex file:{folder} default
ErrorLog {folder}/error.log
LogLevel warn auth_openidc:info
{modules}
{user}
Listen 127.0.0.1:{port}
DocumentRoot {folder}/pages
SSLEngine on
SSLCertificateFile {authority.server_certificate}
SSLCertificateKeyFile {authority.server_key}
SSLSessionCache none
{directives}
"""


class Apache:
    """One server with TLS at `url`; `pages` is its document root. Stopped by `stop()`."""

    def __init__(self, workbench: Workbench, host: str = "127.0.0.1") -> None:
        self._programs = debian_programs.locate(workbench.settings, "apache")
        self._authority = workbench.authority
        self._port = free_port()
        self._folder = workbench.logs / f"apache-{os.getpid()}-{self._port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"https://{host}:{self._port}"

    @property
    def pages(self) -> Path:
        return self._folder / "pages"

    @property
    def authority(self) -> Path:
        """The authority's certificate, where Apache's own user may read it."""
        return self._folder / "ca.pem"

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self._folder / "error.log").read_text(errors="replace")

    def start(self, directives: str) -> None:
        """Start with these lines of configuration besides those of any TLS server, and wait until it listens."""
        self.pages.mkdir(parents=True)
        shutil.copy(self._authority.certificate, self.authority)
        library = self._programs.root / "usr/lib/apache2/modules"
        configuration = self._folder / "apache.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=self._folder,
                port=self._port,
                authority=self._authority,
                directives=directives,
                modules="\n".join(
                    f"LoadModule {name}_module {library}/mod_{name}.so" for name in MODULES
                ),
                user="User nobody\nGroup nogroup" if os.geteuid() == 0 else "",
            )
        )
        self._process = subprocess.Popen(
            [self._programs.root / "usr/sbin/apache2", "-D", "FOREGROUND", "-f", configuration],
            env=self._programs.environment(),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise DevError(f"Apache did not start; see {self._folder}\n{self.log}")
            time.sleep(0.05)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def stop(self) -> None:
        """Stop Apache; does nothing if it is not running."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait()
