"""Our own certificate authority, kept in the cache, so that whoever wants to trust it in a browser does so once."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import cache
from .console import run
from .locks import exclusive
from .python_environment import for_tools
from .settings import ROOT, Settings

# the variables by which requests, OpenSSL (Python's own ssl, curl) and Node.js are told what to trust
_VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


@dataclass(frozen=True)
class Authority:
    """The files of the authority and of the one server certificate that it has signed."""

    folder: Path

    @property
    def certificate(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def key(self) -> Path:
        """With it a test makes client certificates."""
        return self.folder / "ca.key"

    @property
    def server_certificate(self) -> Path:
        return self.folder / "server.pem"

    @property
    def server_key(self) -> Path:
        return self.folder / "server.key"

    @property
    def browser_switch(self) -> str:
        """The switch by which Chromium trusts the server's key, and no other unknown one."""
        spki = (self.folder / "server.spki").read_text()
        return f"--ignore-certificate-errors-spki-list={spki}"

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a program that is to trust the authority."""
        return dict.fromkeys(_VARIABLES, str(self.certificate))


def locate(settings: Settings) -> Authority:
    """The authority in the cache, made now if there is none."""
    cache.claim(settings.cache)
    target = settings.cache / "tls"
    python = for_tools(settings).python
    with exclusive(settings.cache / "locks/tls"):
        if not target.exists():
            partial = settings.cache / "tls.partial"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(mode=0o700)
            run(
                [python, "-m", "dev.certificates", partial],
                settings.cache / "logs/certificates.log",
                env={**os.environ, "PYTHONPATH": str(ROOT)},
            )
            partial.rename(target)
    return Authority(target)
