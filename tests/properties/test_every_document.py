"""What clients register, and what stands at their addresses, is read or refused, never a failure.

A document that would do is changed in a few members, so that it gets past the first look.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import JWKS_URI, KEY_CLIENT, assertion_form, claims, jwk, signed
from fakes.document_clients import ADDRESS, CALLBACK, AgentProvider
from fakes.generated import (
    EXAMPLES,
    MEMBER_VALUES,
    REGISTRATION,
    changes,
    documents,
    words,
    written,
)
from fakes.open_gates import open_provider
from fakes.openid import OPENID_CLIENT, openid_request
from fakes.registrations import CLIENT
from fakes.wire import code_exchange, code_request, error_of
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.client_registration.members import MEMBERS
from protocol.messages import Response

SECTOR = "https://app.example.com/sector"
REQUEST_URI = "https://app.example.com/request"
DOCUMENT = {
    **REGISTRATION,
    "client_id": ADDRESS,
    "redirect_uris": [CALLBACK],
    "token_endpoint_auth_method": "none",
}
KEY = jwk("ES256")
METADATA = changes(*MEMBERS, "redirect_uris", "client_id", "client_secret", values=MEMBER_VALUES)
KEY_MEMBERS = changes(*KEY, "d", "k", "key_ops", "x5c", "n", "e")
CONTENT_TYPES = st.just("application/json") | words("application/", "json", "+", ";", "\0", "\r\n")


def assert_answered(response: Response) -> None:
    assert response.status < 500 or response.headers, "a refusal for now says until when"
    assert response.status in (200, 201, 303, 400, 401, 503)
    json.dumps(response.json, allow_nan=False)


@settings(max_examples=EXAMPLES * 4)
@given(METADATA, METADATA)
def test_registrations(first: dict[str, Any], second: dict[str, Any]) -> None:
    provider = open_provider(CLIENT)
    provider.internet.publish(SECTOR, json.dumps(REGISTRATION["redirect_uris"]))
    response = provider.register(written(REGISTRATION, first), None)
    assert_answered(response)
    if response.status != 201:
        response = provider.register(written(REGISTRATION, {}), None)
    assert response.status == 201 and response.json is not None
    identifier, token = response.json["client_id"], response.json["registration_access_token"]
    assert provider.configure("GET", identifier, token).status == 200
    body = written({**REGISTRATION, "client_id": identifier}, second)
    assert_answered(provider.configure("PUT", identifier, token, body))


@settings(max_examples=EXAMPLES * 4)
@given(METADATA, METADATA, CONTENT_TYPES)
def test_metadata_documents(
    first: dict[str, Any], second: dict[str, Any], content_type: str
) -> None:
    provider = open_provider()
    for changed in (first, second):
        provider.internet.publish(ADDRESS, written(DOCUMENT, changed), content_type=content_type)
        provider.handle_later(4000)
        assert_answered(
            provider.ask(code_request(client_id=ADDRESS, redirect_uri=CALLBACK, scope="openid"))
        )


def _use_keys(provider: AgentProvider) -> Response:
    return provider.post_token(code_exchange("o2c_x") | assertion_form(signed(claims())), {})


def _register_with_sector(provider: AgentProvider) -> Response:
    body = written({**REGISTRATION, "sector_identifier_uri": SECTOR}, {})
    return provider.register(body, None)


def _ask_by_reference(provider: AgentProvider) -> Response:
    return provider.ask(openid_request(request_uri=REQUEST_URI))


PUBLISHED: dict[str, tuple[str, Any, Callable[[AgentProvider], Response]]] = {
    "keys": (JWKS_URI, documents("keys", "kty"), _use_keys),
    "members of a key": (
        JWKS_URI,
        KEY_MEMBERS.map(lambda changed: b'{"keys": [' + written(KEY, changed) + b"]}"),
        _use_keys,
    ),
    "sector": (SECTOR, documents("https://app.example.com/cb"), _register_with_sector),
    "request object": (REQUEST_URI, words("e30.", "eyJ", ".", "{}", "é"), _ask_by_reference),
}


@pytest.mark.parametrize(("address", "texts", "use"), PUBLISHED.values(), ids=PUBLISHED)
def test_what_stands_at_an_address_of_a_client(
    address: str, texts: st.SearchStrategy[Any], use: Callable[[AgentProvider], Response]
) -> None:
    @settings(max_examples=EXAMPLES)
    @given(texts | st.binary(max_size=40))
    def play(content: Any) -> None:
        provider = open_provider(
            replace(KEY_CLIENT, jwks=None, jwks_uri=JWKS_URI)
            if use is _use_keys
            else replace(OPENID_CLIENT, request_uris=(REQUEST_URI,), jwks=KEY_CLIENT.jwks)
        )
        provider.internet.publish(address, content)
        assert_answered(use(provider))

    play()


def test_what_is_changed_above_was_right() -> None:
    provider = open_provider(replace(KEY_CLIENT, jwks=None, jwks_uri=JWKS_URI))
    provider.internet.publish(ADDRESS, written(DOCUMENT, {}))
    provider.internet.publish(JWKS_URI, json.dumps({"keys": [KEY]}))
    provider.internet.publish(SECTOR, json.dumps(REGISTRATION["redirect_uris"]))
    request = code_request(client_id=ADDRESS, redirect_uri=CALLBACK, scope="openid")
    assert provider.ask(request).status == 303
    assert error_of(_use_keys(provider)) == "invalid_grant", "the client proved itself"
    assert _register_with_sector(provider).status == 201
