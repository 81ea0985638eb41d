"""A client of the FAPI 2.0 Security Profile: pushes its requests, signs assertions, proves a key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fakes.assertions import KEY_CLIENT, assertion_form, claims, signed
from fakes.proofs import proof
from fakes.provider import ISSUER, Provider
from fakes.wire import code_exchange, code_request
from protocol.messages import Response

BANK = replace(
    KEY_CLIENT,
    security_profile="fapi2",
    grant_types=frozenset({"authorization_code", "refresh_token"}),
    dpop_bound_access_tokens=True,
    id_token_signed_response_alg="ES256",
)


def assertion(**changes: Any) -> dict[str, str]:
    return assertion_form(signed(claims(**changes)))


def push(provider: Provider, *, header: dict[str, str] | None = None, **changes: str) -> Response:
    """A pushed authorization request; a parameter changed to the empty text is left out."""
    form = {name: value for name, value in code_request(**changes).items() if value}
    return provider.push(form | assertion(), header or {})


def pushed(provider: Provider, **changes: str) -> dict[str, str]:
    """The parameters with which the browser comes after a push."""
    response = push(provider, **changes)
    assert response.status == 201, response
    assert response.json is not None
    return {"client_id": "web", "request_uri": response.json["request_uri"]}


def redeem(provider: Provider, code: str, *, proven: bool = True, **changes: str) -> Response:
    headers = {}
    if proven:
        headers["dpop"] = proof("POST", f"{ISSUER}/oauth2/token", provider.clock.now())
    form = code_exchange(code) | assertion() | changes
    return provider.post_token(form, headers, path="/oauth2/token")
