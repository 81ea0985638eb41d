"""Answers as signed tokens (JARM: JWT Secured Authorization Response Mode for OAuth 2.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import ISSUER, Provider
from fakes.wire import error_of, fragment_of, query_of
from jwt import get_unverified_header
from protocol.jose.algorithms import ALGORITHMS
from protocol.messages import Response


def fields_of(response: Response) -> dict[str, str]:
    assert response.page is not None
    assert response.page.name == "form_post"
    return dict(response.page.values["fields"])


READERS = {"query": query_of, "fragment": fragment_of, "form_post": fields_of}


@pytest.fixture
def provider() -> Provider:
    provider = Provider(OPENID_CLIENT)
    provider.log_in()
    return provider


def claims_in(response: Response, channel: str) -> Mapping[str, Any]:
    """The members of an answer that has nothing but the token, and that in one place."""
    members = READERS[channel](response)
    assert list(members) == ["response"]
    if response.location is not None:
        assert not (fragment_of if channel == "query" else query_of)(response)
    return read(members["response"])


@pytest.mark.parametrize(
    ("response_type", "response_mode", "channel"),
    [
        ("code", "jwt", "query"),
        ("code", "query.jwt", "query"),
        ("code", "fragment.jwt", "fragment"),
        ("code", "form_post.jwt", "form_post"),
        ("id_token", "jwt", "fragment"),
        ("code id_token token", "jwt", "fragment"),
        ("code token", "fragment.jwt", "fragment"),
        ("id_token token", "form_post.jwt", "form_post"),
    ],
)
def test_answers_and_errors(
    provider: Provider, response_type: str, response_mode: str, channel: str
) -> None:
    request = openid_request(response_type=response_type, response_mode=response_mode)
    claims = claims_in(provider.agree(request), channel)
    assert (claims["iss"], claims["aud"], claims["state"]) == (ISSUER, "web", "st")
    assert claims["exp"] == provider.clock.now() + 600
    issued = {"token": "access_token"}
    assert {issued.get(name, name) for name in response_type.split()} <= claims.keys()
    refused = claims_in(provider.ask(request | {"scope": "unheard-of"}), channel)
    assert refused["error"] == "invalid_scope"
    assert (refused["iss"], refused["aud"], refused["state"]) == (ISSUER, "web", "st")


def test_a_refusal_by_the_person(provider: Provider) -> None:
    rid = provider.start(openid_request(response_mode="jwt"))
    assert claims_in(provider.decide(rid, "deny"), "query")["error"] == "access_denied"


@pytest.mark.parametrize("response_type", ["id_token", "code token", "id_token token"])
def test_tokens_never_travel_in_a_query(provider: Provider, response_type: str) -> None:
    """Signed is not encrypted (JARM §2.3.1)."""
    request = openid_request(response_type=response_type, response_mode="query.jwt")
    response = provider.ask(request)
    assert fragment_of(response)["error"] == "invalid_request"
    assert not query_of(response)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_signed_as_the_client_is_registered(provider: Provider, algorithm: str) -> None:
    provider.change_client(authorization_signed_response_alg=algorithm)
    token = query_of(provider.agree(openid_request(response_mode="jwt")))["response"]
    assert get_unverified_header(token)["alg"] == algorithm
    assert read(token)["code"]


def test_state_is_absent_where_none_was_sent(provider: Provider) -> None:
    request = openid_request(response_mode="jwt")
    del request["state"]
    assert "state" not in claims_in(provider.agree(request), "query")


@pytest.mark.parametrize("response_mode", ["JWT", "jwt.jwt", "query.JWT", ".jwt"])
def test_unknown_modes(provider: Provider, response_mode: str) -> None:
    response = provider.ask(openid_request(response_mode=response_mode))
    assert error_of(response) == "invalid_request"
    assert query_of(response)["state"] == "st"


def test_no_signed_answer_to_an_address_that_is_not_the_clients(provider: Provider) -> None:
    request = openid_request(response_mode="jwt", redirect_uri="https://evil.example/cb")
    assert provider.ask(request).page is not None
