"""Real https servers for tests: an authority of their own, and answers of every kind, bad ones above all."""

import ipaddress
import socket
import ssl
import tempfile
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.backends import default_backend
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """A certificate authority with one certificate for the given names, as files in a folder of its own."""

    def __init__(self, *names):
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        authority_key, key = (
            ec.generate_private_key(ec.SECP256R1(), default_backend()) for _ in "ab"
        )
        authority_name = _name("Test authority")
        authority = _certificate(
            authority_name, authority_name, authority_key.public_key(), authority_key, names=None
        )
        certificate = _certificate(
            _name("Test server"), authority_name, key.public_key(), authority_key, names=names
        )
        self.bundle = str(folder / "authority.pem")
        Path(self.bundle).write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        self._chain = folder / "server.pem"
        self._chain.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    def server_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._chain)
        return context

    def close(self):
        self._folder.cleanup()


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject, issuer, public_key, signing_key, *, names):
    now = datetime.utcnow()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=names is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()),
            critical=False,
        )
    )
    if names is not None:
        alternatives = x509.SubjectAlternativeName([_alternative(name) for name in names])
        builder = builder.add_extension(alternatives, critical=False)
    return builder.sign(signing_key, hashes.SHA256(), default_backend())


def _alternative(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class TlsServer:
    """A server that gives every connection to ``answer(connection, request)`` and remembers the requests.

    ``connections`` counts those that were opened, whether or not a request followed.
    """

    def __init__(self, authority, answer, host="127.0.0.1", port=0):
        self.requests = []
        self.connections = 0
        self._answer = answer
        self._context = authority.server_context()
        self._socket = socket.create_server((host, port))
        self.port = self._socket.getsockname()[1]
        self._ended = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, path="/", host="localhost"):
        return f"https://{host}:{self.port}{path}"

    def _accept(self):
        while not self._ended.is_set():
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with suppress(OSError), connection:
            connection.settimeout(10)
            with self._context.wrap_socket(connection, server_side=True) as secured:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += secured.recv(65536)
                head, _, body = request.partition(b"\r\n\r\n")
                length = next(
                    (
                        int(line.split(b":")[1])
                        for line in head.splitlines()
                        if line.lower().startswith(b"content-length:")
                    ),
                    0,
                )
                while len(body) < length:
                    body += secured.recv(65536)
                self.requests.append(head + b"\r\n\r\n" + body)
                self._answer(secured, self.requests[-1])

    def close(self):
        self._ended.set()
        # Closing alone would leave accept() waiting.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def answer_with(body=b"", status="200 OK", *headers):
    """An answer of the usual kind."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]

    def answer(connection, _request):
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    return answer


def name_resolving_to(host, port, *answers):
    """While it lasts, a host has each of these lists of addresses at one question, and the last one from then on."""
    waiting = list(answers)
    getaddrinfo = socket.getaddrinfo

    def resolve(name, *args, **kwargs):
        if name != host:
            return getaddrinfo(name, *args, **kwargs)
        addresses = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in addresses
        ]

    return patch.object(socket, "getaddrinfo", resolve)
