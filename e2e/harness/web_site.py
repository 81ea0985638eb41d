"""A small web server on this machine: plays the server of an application that people come back to."""

import ssl
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dev.tls_authority import Authority

WELCOME = "<!DOCTYPE html><title>Application</title><h1>Welcome back</h1>"


@dataclass(frozen=True)
class Received:
    """What came in: the path, with its query, and the body."""

    method: str
    path: str
    body: str


class _Handler(BaseHTTPRequestHandler):
    server: "WebSite"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length).decode()
        self.server.received.append(Received(self.command, self.path, content))
        path = self.path.partition("?")[0]
        if self.command == "POST" or path in self.server.documents:
            time.sleep(self.server.delay)
        kind, body = self._content(path)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def _content(self, path: str) -> tuple[str, bytes]:
        if path in self.server.files:
            return self.server.files[path]
        if path in self.server.documents:
            return "application/json", self.server.documents[path].encode()
        return "text/html; charset=utf-8", self.server.pages.get(path, WELCOME).encode()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


class WebSite(ThreadingHTTPServer):
    """Answers any path with a welcome, unless `pages` has HTML for it, `documents` JSON, or `files` a type and content.
    Runs until `close()`.

    `received` is all that came in; a POST and a request for a document are answered after `delay` seconds.
    """

    daemon_threads = True

    def __init__(self, authority: Authority | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}
        self.documents: dict[str, str] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.received: list[Received] = []
        self.delay = 0.0
        self._scheme = "https" if authority else "http"
        if authority:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.server_certificate, authority.server_key)
            # whoever does not shake hands must not keep the others waiting
            self.socket = context.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, host: str = "application.localhost") -> str:
        """Address without a slash at the end. Chromium finds any host below `.localhost` here."""
        return f"{self._scheme}://{host}:{self.server_address[1]}"

    def close(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()
