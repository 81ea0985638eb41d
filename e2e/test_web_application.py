"""A confidential client: a web application in Python, written as the documentation of requests-oauthlib teaches it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.util import request_uri

import pytest
from playwright.sync_api import Page
from requests_oauthlib import OAuth2Session

from e2e.harness.applications import Application, create_application
from e2e.harness.browsing import decide, fill_login
from e2e.harness.people import create_person, subject_of
from e2e.harness.systems import System

StartResponse = Callable[[str, list[tuple[str, str]]], object]


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@dataclass
class WebApplication:
    """Two addresses: `/` begins a login, `/callback` finishes it and greets the person."""

    issuer: str
    server: WSGIServer
    application: Application | None = None
    session: OAuth2Session | None = None
    state: str = ""
    claims: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        if environ["PATH_INFO"] == "/":
            return self._begin(start_response)
        if environ["PATH_INFO"] == "/callback":
            return self._finish(environ, start_response)
        start_response("404 Not Found", [])
        return []

    def _begin(self, start_response: StartResponse) -> list[bytes]:
        self.session = OAuth2Session(
            self.application.identifier,
            redirect_uri=self.application.redirect_uri,
            scope=["openid", "profile", "email"],
            pkce="S256",
        )
        address, self.state = self.session.authorization_url(f"{self.issuer}/oauth2/authorize")
        start_response("302 Found", [("Location", address)])
        return []

    def _finish(self, environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
        self.session.fetch_token(
            f"{self.issuer}/oauth2/token",
            client_secret=self.application.secret,
            authorization_response=request_uri(environ),
        )
        self.claims = self.session.get(f"{self.issuer}/oauth2/userinfo").json()
        start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"Hello {self.claims['name']}".encode()]


@pytest.fixture
def web_application(provider: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebApplication]:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # http on this machine
    server = make_server("127.0.0.1", 0, None, handler_class=QuietHandler)
    made = WebApplication(provider.url, server)
    made.application = create_application(provider, f"{made.url}/callback", use_refresh_token=True)
    server.set_app(made)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def test_confidential_web_application_with_requests_oauthlib(
    provider: System, web_application: WebApplication, page: Page
) -> None:
    person = create_person(provider)
    page.goto(web_application.url)
    fill_login(page, person)
    decide(page, "allow")
    page.wait_for_url(f"{web_application.url}/callback?*")
    assert page.locator("body").inner_text() == f"Hello {person.name}"
    claims = web_application.claims
    assert claims["sub"] == subject_of(provider, person)
    assert claims["email"] == person.login
    first = web_application.session.token["refresh_token"]
    renewed = web_application.session.refresh_token(
        f"{provider.url}/oauth2/token",
        auth=(web_application.application.identifier, web_application.application.secret),
    )
    assert renewed["refresh_token"] != first
    again = web_application.session.get(f"{provider.url}/oauth2/userinfo").json()
    assert again["sub"] == claims["sub"]
