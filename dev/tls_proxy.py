"""A TLS proxy (nginx) in front of a server of this machine, as a reverse proxy is set up for Odoo in earnest."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from .debian_programs import Programs
from .settings import DevError
from .tls_authority import Authority

START_SECONDS = 15
# TLS as BCP 195 and FAPI 2.0 want it
_CONFIGURATION = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_max_body_size 0;
    large_client_header_buffers 8 64k;
    proxy_read_timeout 300s;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
    ssl_certificate {authority.server_certificate};
    ssl_certificate_key {authority.server_key};
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM;
    ssl_prefer_server_ciphers off;
    {servers}
}}
"""
# Every header that says who asks is written here, so that what comes from outside under its name is lost.
_SERVER = """
    server {{
        listen 127.0.0.1:{port} ssl;
        {verification}
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1;
            proxy_redirect off;
            proxy_buffer_size 64k;
            proxy_buffers 8 64k;
            proxy_busy_buffers_size 64k;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Host $http_host;
            proxy_set_header X-Forwarded-Proto https;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header Forwarded "";
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_upgrade;
            proxy_set_header X-SSL-Client-Cert {certificate};
            proxy_set_header X-SSL-Client-Verify {verdict};
        }}
    }}
"""
# "optional_no_ca": a self-signed certificate is passed on as well, with the verdict FAILED
_VERIFICATION = "ssl_verify_client optional_no_ca; ssl_client_certificate {certificate};"


class TlsProxy:
    """nginx with one port for everybody, and one where clients may show a certificate (RFC 8705)."""

    def __init__(
        self,
        programs: Programs,
        authority: Authority,
        folder: Path,
        *,
        upstream: int,
        port: int,
        mtls_port: int,
    ) -> None:
        self.programs = programs
        self.authority = authority
        self.folder = folder
        self.upstream = upstream
        self.port = port
        self.mtls_port = mtls_port
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration, start nginx and wait until it listens."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(self._configuration())
        log = self.folder / "nginx.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [
                    self.programs.root / "usr/sbin/nginx",
                    "-e",
                    "stderr",
                    "-p",
                    self.folder,
                    "-c",
                    configuration,
                ],
                env=self.programs.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not _listens(self.port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise DevError(f"nginx did not start; see {log}\n{log.read_text()}")
            time.sleep(0.05)

    def _configuration(self) -> str:
        plain = _SERVER.format(
            port=self.port, upstream=self.upstream, verification="", certificate='""', verdict='""'
        )
        mutual = _SERVER.format(
            port=self.mtls_port,
            upstream=self.upstream,
            verification=_VERIFICATION.format(certificate=self.authority.certificate),
            certificate="$ssl_client_escaped_cert",
            verdict="$ssl_client_verify",
        )
        return _CONFIGURATION.format(
            folder=self.folder,
            authority=self.authority,
            servers=plain + mutual,
            # the worker of a proxy that root starts would else be a user who may not enter the folder
            user="user root root;" if os.geteuid() == 0 else "",
        )

    def stop(self) -> None:
        """Stop nginx; does nothing if it is not running."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
