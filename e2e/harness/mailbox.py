"""A mail server that keeps what it is given: enough of SMTP (RFC 5321) for Odoo to send its mails."""

import html
import re
import socketserver
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

WAIT_SECONDS = 15


class _Session(socketserver.StreamRequestHandler):
    server: "Mailbox"

    def handle(self) -> None:
        self._say("220 mailbox")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                self.server.messages.append(self._message())
            if verb == b"QUIT":
                self._say("221 bye")
                return
            self._say("250 ok")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _message(self) -> EmailMessage:
        lines = []
        for line in self.rfile:
            if line.rstrip(b"\r\n") == b".":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)


class Mailbox(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine until `close()`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[EmailMessage] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def odoo_options(self) -> tuple[str, ...]:
        """Makes an Odoo send its mails here."""
        return ("--smtp=127.0.0.1", f"--smtp-port={self.server_address[1]}")

    def link(self, recipient: str, pattern: str) -> str:
        """Wait for the newest mail to a person that has a link matching the pattern; returns the link."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            for message in reversed(self.messages):
                found = recipient in message["To"] and re.search(
                    rf'href="({pattern})"', message.get_body(("html",)).get_content()
                )
                if found:
                    return html.unescape(found[1])
            time.sleep(0.1)
        raise AssertionError(f"no mail to {recipient} with a link like {pattern}")

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()
