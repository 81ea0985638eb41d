"""A small web server on this machine: plays the server of an application that people come back to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WELCOME = "<!DOCTYPE html><title>Application</title><h1>Welcome back</h1>"


class _Handler(BaseHTTPRequestHandler):
    server: "WebSite"

    def do_GET(self) -> None:
        body = self.server.pages.get(self.path.partition("?")[0], WELCOME).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


class WebSite(ThreadingHTTPServer):
    """Answers any path with a welcome, unless `pages` has HTML for it. Runs until `close()`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, host: str = "application.localhost") -> str:
        """Address without a slash at the end. Chromium finds any host below `.localhost` here."""
        return f"http://{host}:{self.server_address[1]}"

    def close(self) -> None:
        """Stop answering."""
        self.shutdown()
        self.server_close()
