"""A resource server that asks what a token is worth (RFC 7662, RFC 9701), and a device with Authlib (RFC 8628)."""

from typing import Any

import jwt
import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session

from e2e.harness.applications import Application, create_application
from e2e.harness.people import Person, subject_of
from e2e.harness.plain_http import TIMEOUT, HttpBrowser
from e2e.harness.relying_party import DEVICE_GRANT
from e2e.harness.systems import System

CALLBACK = "https://client.example/callback"
SIGNED = "application/token-introspection+jwt"
CREATE_RESOURCE = """
env["oauth2.provider.resource"].create(
    {"name": "Orders", "identifier": identifier, "introspection_client_id": server}
)
"""


@pytest.fixture
def metadata(tls_provider: System) -> dict[str, Any]:
    address = f"{tls_provider.url}/.well-known/oauth-authorization-server"
    return requests.get(address, timeout=TIMEOUT).json()


class ResourceServer:
    """Gets opaque tokens and asks for each; `api` is how the provider knows it."""

    def __init__(self, metadata: dict[str, Any], api: Application, identifier: str) -> None:
        self.metadata = metadata
        self.session = OAuth2Session(api.identifier, api.secret)
        self.identifier = identifier
        self.name = api.identifier

    def member_of(self, token: str) -> dict[str, Any] | None:
        """What it knows of the sender; None if it must turn them away."""
        answer = self.session.introspect_token(self.metadata["introspection_endpoint"], token)
        return self._meant_for_me(answer.json())

    def signed_member_of(self, token: str) -> dict[str, Any] | None:
        """The same as something to keep: signed, checked with the published keys."""
        answer = self.session.introspect_token(
            self.metadata["introspection_endpoint"], token, headers={"Accept": SIGNED}
        )
        assert answer.headers["Content-Type"] == SIGNED
        header = jwt.get_unverified_header(answer.text)
        assert header["typ"] == "token-introspection+jwt"
        claims = jwt.decode(
            answer.text,
            jwt.PyJWKClient(self.metadata["jwks_uri"]).get_signing_key_from_jwt(answer.text),
            algorithms=self.metadata["introspection_signing_alg_values_supported"],
            audience=self.name,
            issuer=self.metadata["issuer"],
        )
        return self._meant_for_me(claims["token_introspection"])

    def _meant_for_me(self, members: dict[str, Any]) -> dict[str, Any] | None:
        if not members["active"]:
            assert members == {"active": False}
            return None
        audience = members["aud"]
        assert self.identifier in ([audience] if isinstance(audience, str) else audience)
        return members


@pytest.fixture
def server(tls_provider: System, metadata: dict[str, Any]) -> ResourceServer:
    api = create_application(tls_provider, CALLBACK)
    identifier = f"https://{api.identifier[:8].lower()}.orders.example"
    tls_provider.run(CREATE_RESOURCE, identifier=identifier, server=api.id)
    address = f"{tls_provider.url}/.well-known/oauth-authorization-server"
    fresh = requests.get(address, timeout=TIMEOUT, headers={"Cache-Control": "no-cache"}).json()
    return ResourceServer(fresh, api, identifier)


def connect(
    browser: HttpBrowser, metadata: dict[str, Any], application: Application, **more: str
) -> dict[str, Any]:
    """A login with Authlib; returns the tokens."""
    session = OAuth2Session(
        application.identifier,
        application.secret,
        scope="openid email",
        redirect_uri=CALLBACK,
        code_challenge_method="S256",
    )
    verifier = "a-verifier-that-is-long-enough-for-RFC-7636-to-take"
    address, _state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, **more
    )
    page = browser.decide(browser.open(address), "allow")
    return session.fetch_token(
        metadata["token_endpoint"],
        authorization_response=page.headers["Location"],
        code_verifier=verifier,
    )


@pytest.mark.parametrize("kind", ["member_of", "signed_member_of"])
def test_resource_server_that_asks(
    tls_provider: System,
    metadata: dict[str, Any],
    server: ResourceServer,
    person: Person,
    person_browser: HttpBrowser,
    kind: str,
) -> None:
    application = create_application(tls_provider, CALLBACK)
    token = connect(person_browser, metadata, application, resource=server.identifier)
    ask = getattr(server, kind)
    members = ask(token["access_token"])
    assert members["sub"] == subject_of(tls_provider, person)
    assert members["client_id"] == application.identifier
    # A token for somebody else, and one that is none.
    elsewhere = connect(person_browser.copy(), metadata, application, prompt="consent")
    assert ask(elsewhere["access_token"]) is None
    assert ask("o2a_made_up") is None
    # Ended by the application: the resource server hears of it with the next request.
    owner = OAuth2Session(application.identifier, application.secret)
    owner.revoke_token(metadata["revocation_endpoint"], token["access_token"])
    assert ask(token["access_token"]) is None


def test_authlib_on_a_device(
    tls_provider: System, metadata: dict[str, Any], person: Person, person_browser: HttpBrowser
) -> None:
    application = create_application(
        tls_provider, CALLBACK, use_device=True, use_refresh_token=True
    )
    device = OAuth2Session(application.identifier, application.secret, scope="openid profile")
    shown = device.post(
        metadata["device_authorization_endpoint"],
        data={"client_id": application.identifier, "scope": "openid profile"},
        withhold_token=True,
        auth=device.client_auth(device.token_endpoint_auth_method),
    ).json()
    grant = {"grant_type": DEVICE_GRANT, "device_code": shown["device_code"]}
    with pytest.raises(Exception, match="authorization_pending"):
        device.fetch_token(metadata["token_endpoint"], **grant)
    page = person_browser.open(shown["verification_uri_complete"])
    person_browser.decide_device(page, "allow")
    device.fetch_token(metadata["token_endpoint"], **grant)
    user = device.get(metadata["userinfo_endpoint"]).json()
    assert user["sub"] == subject_of(tls_provider, person)
    old = device.token["access_token"]
    assert device.refresh_token(metadata["token_endpoint"])["access_token"] != old
