"""Every grant, client authentication method and response mode: bad input gets its standard's own error, and what is
switched off is neither offered nor understood.

A new one without a row here fails the first test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT, ROBOT
from fakes.wire import basic, code_exchange, code_request, error_of, query_of, without
from protocol.client_authentication.private_key_jwt import ASSERTION_TYPE
from protocol.messages import Request, Response
from protocol.settings import Settings
from protocol.standard_parts import STANDARD_PARTS

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"

# Of each grant: a request in which nothing is missing, and what is said to what it brings, which is nobody's.
GRANTS: dict[str, tuple[dict[str, str], str]] = {
    "authorization_code": (
        {"code": "o2c_x", "redirect_uri": "https://app.example.com/cb"},
        "invalid_grant",
    ),
    "refresh_token": ({"refresh_token": "o2r_x"}, "invalid_grant"),
    "client_credentials": ({"scope": "unheard-of"}, "invalid_scope"),
    DEVICE: ({"device_code": "o2d_x"}, "invalid_grant"),
    EXCHANGE: (
        {"subject_token": "o2a_x", "subject_token_type": ACCESS_TOKEN},
        "invalid_request",
    ),
    BEARER: ({"assertion": "x"}, "invalid_grant"),
}
# Without these the request says nothing (RFC 6749 §5.2: invalid_request).
NEEDED = {
    "authorization_code": ["code"],
    "refresh_token": ["refresh_token"],
    "client_credentials": [],
    DEVICE: ["device_code"],
    EXCHANGE: ["subject_token", "subject_token_type"],
    BEARER: ["assertion"],
}
# Of each method: how a request uses it, with a proof that is none.
AUTHENTICATION: dict[str, dict[str, Any]] = {
    "client_secret_basic": {"headers": basic(secret="wrong")},
    "client_secret_post": {"form": {"client_id": "web", "client_secret": "wrong"}},
    "private_key_jwt": {
        "form": {"client_assertion_type": ASSERTION_TYPE, "client_assertion": "x.y.z"}
    },
    "tls_client_auth": {"form": {"client_id": "web"}},
    "self_signed_tls_client_auth": {"form": {"client_id": "web"}},
    # A client that has to prove something, and proves nothing.
    "none": {"form": {"client_id": "web"}},
}
MODES = ["query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"]


@pytest.fixture
def provider() -> Provider:
    client = replace(CLIENT, grant_types=frozenset(GRANTS), service_user_id=ROBOT.id)
    return Provider(client)


def metadata(provider: Provider) -> Mapping[str, Any]:
    request = Request("GET", path="/.well-known/openid-configuration")
    document = provider.server.handle("discovery", request).json
    assert document is not None
    return document


def take_away(provider: Provider, **parts: Any) -> None:
    provider.server = replace(provider.server, parts=replace(provider.server.parts, **parts))


def test_every_value_has_a_row() -> None:
    assert GRANTS.keys() == NEEDED.keys() == STANDARD_PARTS.grants.keys()
    assert list(AUTHENTICATION) == [one.name for one in STANDARD_PARTS.client_authentication]
    assert list(STANDARD_PARTS.response_modes) == MODES


@pytest.mark.parametrize("grant_type", GRANTS)
def test_a_grant_with_something_that_is_nobodys(provider: Provider, grant_type: str) -> None:
    form, error = GRANTS[grant_type]
    response = provider.post_token({"grant_type": grant_type, **form})
    assert (response.status, error_of(response)) == (400, error)
    assert not provider.store.tokens


@pytest.mark.parametrize(
    ("grant_type", "name"), [(grant, name) for grant, names in NEEDED.items() for name in names]
)
def test_a_grant_without_what_it_needs(provider: Provider, grant_type: str, name: str) -> None:
    form = without(GRANTS[grant_type][0], name)
    response = provider.post_token({"grant_type": grant_type, **form})
    assert (response.status, error_of(response)) == (400, "invalid_request")


@pytest.mark.parametrize("grant_type", GRANTS)
def test_c14_g14_a_grant_that_is_switched_off(provider: Provider, grant_type: str) -> None:
    assert grant_type in metadata(provider)["grant_types_supported"]
    parts = provider.server.parts.without_grants(frozenset({grant_type}))
    provider.server = replace(provider.server, parts=parts)
    assert grant_type not in metadata(provider)["grant_types_supported"]
    response = provider.post_token({"grant_type": grant_type, **GRANTS[grant_type][0]})
    assert (response.status, error_of(response)) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("grant_type", GRANTS)
def test_c14_a_grant_that_the_client_does_not_have(provider: Provider, grant_type: str) -> None:
    provider.change_client(grant_types=frozenset(GRANTS) - {grant_type})
    response = provider.post_token({"grant_type": grant_type, **GRANTS[grant_type][0]})
    assert (response.status, error_of(response)) == (400, "unauthorized_client")


def attempt(provider: Provider, method: str, client_method: str) -> Response:
    provider.change_client(token_endpoint_auth_method=client_method)
    parts = AUTHENTICATION[method]
    return provider.post_token(
        code_exchange("o2c_x") | parts.get("form", {}), parts.get("headers", {})
    )


@pytest.mark.parametrize("method", AUTHENTICATION)
def test_a04_a_proof_that_is_none(method: str) -> None:
    provider = Provider(settings=Settings(issuer="https://id.example.com", mtls=True))
    registered = "client_secret_basic" if method == "none" else method
    response = attempt(provider, method, registered)
    assert (response.status, error_of(response)) == (401, "invalid_client")
    assert any(name == "WWW-Authenticate" for name, _value in response.headers)


@pytest.mark.parametrize("method", AUTHENTICATION)
def test_a_method_that_is_switched_off(method: str) -> None:
    """Even who could prove it is refused."""
    provider = Provider(settings=Settings(issuer="https://id.example.com", mtls=True))
    member = "token_endpoint_auth_methods_supported"
    assert method in metadata(provider)[member]
    left = [one for one in STANDARD_PARTS.client_authentication if one.name != method]
    take_away(provider, client_authentication=tuple(left))
    assert method not in metadata(provider)[member]
    response = attempt(provider, method, method)
    assert (response.status, error_of(response)) == (401, "invalid_client")


# The default of a code cannot be away: there would be no way to say anything.
@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "query"])
def test_a_response_mode_that_is_switched_off(provider: Provider, mode: str) -> None:
    assert mode in metadata(provider)["response_modes_supported"]
    left = {name: one for name, one in STANDARD_PARTS.response_modes.items() if name != mode}
    take_away(provider, response_modes=left)
    assert mode not in metadata(provider)["response_modes_supported"]
    answer = query_of(provider.ask(code_request(response_mode=mode)))
    assert answer["error"] == "invalid_request"


@pytest.mark.parametrize("mode", ["web_message", "Query", "query jwt", "jwt.query"])
def test_a_response_mode_that_nobody_knows(provider: Provider, mode: str) -> None:
    answer = query_of(provider.ask(code_request(response_mode=mode)))
    assert answer["error"] == "invalid_request"
