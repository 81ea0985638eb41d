"""Authlib as a client, resource servers that check our tokens, and a command-line tool (RFC 8252)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from e2e.harness.applications import Application, create_application
from e2e.harness.people import Person, create_person, subject_of
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.systems import System

CALLBACK = "https://client.example/callback"
SCOPE = "openid profile email"


@pytest.fixture
def metadata(tls_provider: System) -> dict[str, Any]:
    address = f"{tls_provider.url}/.well-known/openid-configuration"
    return requests.get(address, timeout=TIMEOUT).json()


def log_in(
    browser: HttpBrowser, metadata: dict[str, Any], application: Application, **options: Any
) -> OAuth2Session:
    """A login with Authlib; returns the session with its tokens."""
    session = OAuth2Session(
        application.identifier,
        application.secret or None,
        scope=SCOPE,
        redirect_uri=application.redirect_uri,
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
        **options,
    )
    verifier = "a-verifier-that-is-long-enough-for-RFC-7636-to-take"
    address, _state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, nonce="some nonce"
    )
    page = browser.open(address)
    if page.status_code == 200:
        page = browser.decide(page, "allow")
    session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=page.headers["Location"],
        code_verifier=verifier,
    )
    return session


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_authlib(
    tls_provider: System,
    metadata: dict[str, Any],
    person: Person,
    person_browser: HttpBrowser,
    method: str,
) -> None:
    application = create_application(
        tls_provider, CALLBACK, token_endpoint_auth_method=method, use_refresh_token=True
    )
    session = log_in(person_browser, metadata, application, token_endpoint_auth_method=method)
    user = session.get(metadata["userinfo_endpoint"]).json()
    assert (user["sub"], user["name"]) == (subject_of(tls_provider, person), person.name)
    old = session.token["access_token"]
    renewed = session.refresh_token(metadata["token_endpoint"])
    assert renewed["access_token"] != old
    assert session.get(metadata["userinfo_endpoint"]).json()["sub"] == user["sub"]
    if method != "none":
        seen = session.introspect_token(metadata["introspection_endpoint"], renewed["access_token"])
        assert seen.json()["active"] is True
    session.revoke_token(metadata["revocation_endpoint"], renewed["refresh_token"])
    assert session.get(metadata["userinfo_endpoint"]).status_code == 401


def test_authlib_for_a_service(tls_provider: System, metadata: dict[str, Any]) -> None:
    user = create_person(tls_provider).id
    application = create_application(
        tls_provider, CALLBACK, use_client_credentials=True, service_user_id=user
    )
    session = OAuth2Session(application.identifier, application.secret)
    token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    assert "refresh_token" not in token
    seen = session.introspect_token(metadata["introspection_endpoint"], token["access_token"])
    assert seen.json()["active"] is True


class Resource:
    """A resource server that knows the provider's address and nothing else."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        address = f"{issuer}/.well-known/oauth-authorization-server"
        self.metadata = requests.get(address, timeout=TIMEOUT).json()
        self.keys = jwt.PyJWKClient(self.metadata["jwks_uri"])

    def claims(self, token: str, audience: str) -> dict[str, Any]:
        """RFC 9068 §4."""
        assert jwt.get_unverified_header(token)["typ"].lower() in ("at+jwt", "application/at+jwt")
        return jwt.decode(
            token,
            self.keys.get_signing_key_from_jwt(token),
            algorithms=["RS256", "PS256", "ES256", "EdDSA"],
            audience=audience,
            issuer=self.issuer,
            options={"require": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]},
        )


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_resource_server_with_pyjwt_and_the_key_set_alone(
    tls_provider: System,
    metadata: dict[str, Any],
    person: Person,
    person_browser: HttpBrowser,
    algorithm: str,
) -> None:
    application = create_application(
        tls_provider,
        CALLBACK,
        access_token_format="jwt",
        access_token_signed_response_alg=algorithm,
    )
    token = log_in(person_browser, metadata, application).token["access_token"]
    resource = Resource(tls_provider.url)
    audience = jwt.decode(token, options={"verify_signature": False})["aud"]
    claims = resource.claims(token, audience)
    assert claims["sub"] == subject_of(tls_provider, person)
    assert claims["client_id"] == application.identifier
    assert set(claims["scope"].split()) == set(SCOPE.split())
    with pytest.raises(jwt.InvalidAudienceError):
        resource.claims(token, "https://another.example")


class Loopback(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.arrived = self.path
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"You may close this window.")

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture(params=["127.0.0.1", "localhost"])
def loopback(request: pytest.FixtureRequest) -> Iterator[tuple[str, HTTPServer]]:
    """The address at which a command-line tool waits: any free port."""
    server = HTTPServer(("127.0.0.1", 0), Loopback)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{request.param}:{server.server_port}/callback", server
    server.shutdown()
    server.server_close()


def test_command_line_tool_on_a_loopback_address(
    tls_provider: System,
    metadata: dict[str, Any],
    person: Person,
    person_browser: HttpBrowser,
    loopback: tuple[str, HTTPServer],
) -> None:
    """Registered without a port; each run of the tool listens on another (RFC 8252 §7.3)."""
    address, server = loopback
    registered = address.replace(f":{server.server_port}", "")
    application = create_application(
        tls_provider,
        registered,
        application_type="native",
        token_endpoint_auth_method="none",
        local_development=False,
    )
    tool = OAuth2Session(
        application.identifier,
        scope=SCOPE,
        redirect_uri=address,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
    )
    verifier = "a-verifier-that-is-long-enough-for-RFC-7636-to-take"
    target, _state = tool.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier
    )
    page = person_browser.decide(person_browser.open(target), "allow")
    requests.get(page.headers["Location"], timeout=TIMEOUT)
    tool.fetch_token(
        metadata["token_endpoint"],
        authorization_response="https://localhost" + server.arrived,
        code_verifier=verifier,
    )
    user = tool.get(metadata["userinfo_endpoint"]).json()
    assert user["sub"] == subject_of(tls_provider, person)
