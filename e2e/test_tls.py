"""TLS in front of Odoo, as in earnest: what the provider says is https, and nobody can talk the proxy into more."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest
import requests
import trustme
from playwright.sync_api import Page, expect

from dev.tls_proxy import TlsProxy
from dev.workbench import Workbench
from e2e.harness.applications import create_application
from e2e.harness.browsing import decide, fill_login
from e2e.harness.people import create_person
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.relying_party import RelyingParty, register
from e2e.harness.systems import System

FORGED = {
    "X-SSL-Client-Cert": "forged",
    "X-SSL-Client-Verify": "SUCCESS",
    "Forwarded": "for=10.1.1.1",
}


def test_everything_is_https(tls_provider: System) -> None:
    address = f"{tls_provider.url}/.well-known/openid-configuration"
    metadata = requests.get(address, timeout=TIMEOUT).json()
    assert metadata["issuer"] == tls_provider.url
    addresses = [value for value in metadata.values() if str(value).startswith("http")]
    assert all(value.startswith(tls_provider.url) for value in addresses), addresses
    refused = requests.get(address.replace("https:", "http:"), timeout=TIMEOUT)
    assert refused.status_code == 400


def test_login_over_tls(tls_provider: System, page: Page) -> None:
    person = create_person(tls_provider)
    party = RelyingParty(
        tls_provider, create_application(tls_provider, "https://client.example/callback")
    )
    page.route("https://client.example/**", lambda route: route.fulfill(body="Welcome back"))
    page.goto(f"{tls_provider.url}/web/health")
    assert page.evaluate("isSecureContext")
    request = requests.Request(
        params=party.parameters(), url=f"{tls_provider.url}/oauth2/authorize"
    )
    page.goto(request.prepare().url)
    fill_login(page, person)
    decide(page, "allow")
    expect(page.locator("body")).to_have_text("Welcome back")
    ours = [c for c in page.context.cookies(tls_provider.url) if c["name"].startswith("oauth2_")]
    assert all(cookie["secure"] for cookie in ours), ours
    # one of them is there to be read by scripts
    hidden = [cookie for cookie in ours if cookie["name"] != "oauth2_browser_state"]
    assert all(cookie["httpOnly"] for cookie in hidden), hidden


def test_tokens_over_tls(tls_provider: System) -> None:
    browser = HttpBrowser(tls_provider)
    browser.log_in(create_person(tls_provider))
    party = register(tls_provider)
    assert party.accepts(party.tokens(browser)["access_token"])


@pytest.mark.parametrize("version", ["TLSv1.2", "TLSv1.3"])
def test_versions_and_ciphers(workbench: Workbench, tls_provider: System, version: str) -> None:
    context = ssl.create_default_context(cafile=str(workbench.authority.certificate))
    context.minimum_version = ssl.TLSVersion[version.replace(".", "_")]
    context.maximum_version = context.minimum_version
    address = ("localhost", tls_provider.proxy.port)
    with (
        socket.create_connection(address, TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        name, _protocol, _bits = secure.cipher()
        assert secure.version() == version
        assert "GCM" in name or "POLY1305" in name


class Echo(BaseHTTPRequestHandler):
    """Answers with the headers that reached it."""

    def do_GET(self) -> None:
        body = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def echo(workbench: Workbench) -> Iterator[TlsProxy]:
    """A proxy in front of a server that shows what reaches it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    proxy = workbench.start_tls_proxy(server.server_port)
    yield proxy
    proxy.stop()
    server.shutdown()
    server.server_close()


def headers_at(workbench: Workbench, port: int, certificate: Path | None = None) -> dict[str, str]:
    return requests.get(
        f"https://localhost:{port}/",
        headers=FORGED,
        verify=str(workbench.authority.certificate),
        cert=str(certificate) if certificate else None,
        timeout=TIMEOUT,
    ).json()


def test_forged_headers_are_lost(workbench: Workbench, echo: TlsProxy) -> None:
    seen = headers_at(workbench, echo.port)
    assert seen["x-forwarded-host"] == f"localhost:{echo.port}"
    assert seen["x-forwarded-proto"] == "https"
    assert not seen.keys() & {"x-ssl-client-cert", "x-ssl-client-verify", "forwarded"}
    seen = headers_at(workbench, echo.mtls_port)
    assert "x-ssl-client-cert" not in seen
    assert seen["x-ssl-client-verify"] == "NONE"


@pytest.mark.parametrize("ours", [True, False])
def test_client_certificates_are_passed_on(
    workbench: Workbench, echo: TlsProxy, tmp_path: Path, ours: bool
) -> None:
    authority = workbench.authority
    signer = (
        trustme.CA.from_pem(authority.certificate.read_bytes(), authority.key.read_bytes())
        if ours
        else trustme.CA()
    )
    made = signer.issue_cert(common_name="some client")
    made.private_key_and_cert_chain_pem.write_to_path(tmp_path / "client.pem")
    seen = headers_at(workbench, echo.mtls_port, tmp_path / "client.pem")
    assert unquote(seen["x-ssl-client-cert"]).encode() == made.cert_chain_pems[0].bytes()
    assert (seen["x-ssl-client-verify"] == "SUCCESS") is ours
    assert "x-ssl-client-cert" not in headers_at(workbench, echo.port, tmp_path / "client.pem")
