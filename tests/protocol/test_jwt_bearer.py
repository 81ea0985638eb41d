"""grant_type jwt-bearer: the signed word of another server about a person (RFC 7523 §2.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import client_key, jwk, jwk_set, signed
from fakes.clock import START
from fakes.proofs import with_header
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, SERVICE_CLIENT
from fakes.wire import basic, error_of, tokens_of
from protocol.entities.end_user import TrustedIssuer
from protocol.entities.resource import Resource
from protocol.grants.jwt_bearer import GRANT_TYPE
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM

PARTNER = TrustedIssuer("https://partner.example", jwks=jwk_set(jwk("ES256"), jwk("RS256")))
CLIENT = replace(SERVICE_CLIENT, grant_types=frozenset({GRANT_TYPE, "refresh_token"}))
OTHER = replace(CLIENT, id=9, client_identifier="other")


@pytest.fixture
def provider() -> Provider:
    provider = Provider(CLIENT, OTHER)
    provider.issuers.trusted[PARTNER] = {CLIENT.id}
    return provider


def claims(**changes: Any) -> dict[str, Any]:
    """A claim changed to None is left out."""
    values = {
        "iss": PARTNER.issuer,
        "sub": "alice",
        "aud": ISSUER,
        "exp": START + 60,
        "jti": "1",
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def ask(provider: Provider, assertion: str, client: str = "web", **changes: str) -> Response:
    form = {"grant_type": GRANT_TYPE, "assertion": assertion} | changes
    return provider.post_token(form, headers=basic(client))


def test_a_token_for_the_person(provider: Provider) -> None:
    tokens = tokens_of(ask(provider, signed(claims()), scope="email"))
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "scope"}
    events = [(event.event_type, event.user_id) for event in provider.store.events]
    assert events == [("token_issued", ALICE.id)]
    request = Request(
        "POST",
        form=Parameters((("token", tokens["access_token"]),)),
        mimetype=FORM,
        headers=basic(),
    )
    described = provider.server.handle("introspection", request).json
    assert described is not None
    assert (described["sub"], described["scope"]) == (ALICE.public_subject, "email")


def test_people_by_subject(provider: Provider) -> None:
    provider.issuers.trusted = {replace(PARTNER, subject_kind="subject"): {CLIENT.id}}
    assert error_of(ask(provider, signed(claims()))) == "invalid_grant"
    assert ask(provider, signed(claims(sub=ALICE.public_subject, jti="2"))).status == 200


@pytest.mark.parametrize(
    "audience", [ISSUER + "/oauth2/token", [ISSUER], [ISSUER, ISSUER + "/oauth2/token"]]
)
def test_audiences(provider: Provider, audience: str | list[str]) -> None:
    assert ask(provider, signed(claims(aud=audience))).status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://partner.example/"},
        {"iss": "https://stranger.example"},
        {"iss": None},
        {"iss": 1},
        {"sub": None},
        {"sub": "nobody"},
        {"sub": "ali\0ce"},
        {"aud": None},
        {"aud": "https://other.example"},
        {"aud": [ISSUER, "https://other.example"]},
        {"exp": None},
        {"exp": START},
        {"exp": START + 3601},
        {"nbf": START + 11},
        {"iat": START + 11},
        {"jti": None},
        {"jti": "x" * 256},
    ],
    ids=str,
)
def test_wrong_claims(provider: Provider, changes: dict[str, Any]) -> None:
    response = ask(provider, signed(claims(**changes)))
    assert (response.status, error_of(response)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": START + 1},
        {"exp": START + 3600},
        {"nbf": START + 10},
        {"iat": START + 10},
        {"jti": "x" * 255},
    ],
    ids=str,
)
def test_claims_at_the_edge(provider: Provider, changes: dict[str, Any]) -> None:
    assert ask(provider, signed(claims(**changes))).status == 200


def test_once(provider: Provider) -> None:
    assertion = signed(claims())
    assert error_of(ask(provider, assertion, scope="openid")) == "invalid_scope"
    assert error_of(ask(provider, assertion)) == "invalid_grant"
    assert provider.replays.used == {("jwt_bearer", f"{PARTNER.issuer}\0001"): START + 60}
    assert ask(provider, signed(claims(jti="2"))).status == 200
    assert error_of(ask(provider, signed(claims(jti="2")))) == "invalid_grant"


def test_keys_of_the_issuer_alone(provider: Provider) -> None:
    stranger = client_key("ES256", "stranger")
    provider.change_client(jwks=jwk_set(jwk("ES256", "stranger")))
    for assertion in (
        signed(claims(), key=stranger),
        signed(claims(), key=stranger, jwk=dict(stranger.public.jwk)),
        with_header(signed(claims()), alg="none"),
        signed(claims(), typ="at+jwt"),
        "a.b.c",
        "x",
    ):
        assert error_of(ask(provider, assertion)) == "invalid_grant"
    assert error_of(ask(provider, "")) == "invalid_request"


def test_only_with_the_clients_that_were_named(provider: Provider) -> None:
    assert error_of(ask(provider, signed(claims()), "other")) == "invalid_grant"


def test_keys_at_an_address_of_the_issuer(provider: Provider) -> None:
    address = "https://partner.example/jwks"
    issuer = replace(PARTNER, jwks=None, jwks_uri=address)
    provider.issuers.trusted = {issuer: {CLIENT.id}}
    assert error_of(ask(provider, signed(claims()))) == "invalid_grant"
    provider.clock.advance(10)
    provider.internet.publish(address, jwk_set(jwk("ES256")))
    assert ask(provider, signed(claims())).status == 200


def test_u04_policy_holds(provider: Provider) -> None:
    provider.change_client(group_ids=frozenset({5}))
    assert error_of(ask(provider, signed(claims()))) == "invalid_grant"
    provider.change_client(group_ids=frozenset())
    provider.change_user(is_active=False)
    assert error_of(ask(provider, signed(claims(jti="2")))) == "invalid_grant"


@pytest.mark.parametrize("scope", ["openid", "offline_access", "email admin"])
def test_scope(provider: Provider, scope: str) -> None:
    assert error_of(ask(provider, signed(claims()), scope=scope)) == "invalid_scope"


def test_resources_and_details(provider: Provider) -> None:
    provider.resources.resources.append(
        Resource("https://api.example.com", scope=frozenset({"email"}))
    )
    tokens = tokens_of(ask(provider, signed(claims()), resource="https://api.example.com"))
    assert tokens["scope"] == "email", "what the resource knows of"
    unknown = ask(provider, signed(claims(jti="2")), resource="https://other.example.com")
    assert error_of(unknown) == "invalid_target"
    refused = ask(provider, signed(claims(jti="3")), authorization_details="[]")
    assert error_of(refused) == "invalid_authorization_details"


def test_public_clients_never(provider: Provider) -> None:
    provider.change_client(token_endpoint_auth_method="none")
    form = {"grant_type": GRANT_TYPE, "client_id": "web", "assertion": signed(claims())}
    assert error_of(provider.post_token(form, headers={})) == "unauthorized_client"
