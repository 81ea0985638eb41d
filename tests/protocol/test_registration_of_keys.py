"""Clients that register with certificates, bound tokens and all that a bank needs (RFC 8705, RFC 9449, FAPI 2.0)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import jwk
from fakes.registrations_store import OpenProvider
from fakes.wire import error_of
from protocol.client_registration.sender import certificate_name_of
from protocol.messages import Response

KEYS = {"keys": [jwk("ES256")]}
BANK: dict[str, Any] = {
    "token_endpoint_auth_method": "private_key_jwt",
    "jwks": KEYS,
    "require_pushed_authorization_requests": True,
    "dpop_bound_access_tokens": True,
    "grant_types": ["authorization_code", "refresh_token"],
}


def provider_with(*, policy: dict[str, Any] | None = None, **settings: Any) -> OpenProvider:
    provider = OpenProvider(**(policy or {}))
    changed = replace(provider.server.settings, **settings)
    provider.server = replace(provider.server, settings=changed)
    return provider


@pytest.fixture
def provider() -> OpenProvider:
    return provider_with(mtls=True, authorization_details_types=("payment",))


def body(**members: Any) -> bytes:
    """Members that are Ellipsis are left out."""
    values = {"redirect_uris": ["https://app.example.com/cb"]} | members
    return json.dumps({name: value for name, value in values.items() if value is not ...}).encode()


def registered(response: Response) -> dict[str, Any]:
    assert response.status == 201, response
    assert response.json is not None
    return dict(response.json)


def refusal(response: Response) -> str:
    assert (response.status, error_of(response)) == (400, "invalid_client_metadata")
    assert response.json is not None
    return str(response.json["error_description"])


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("tls_client_auth_subject_dn", "CN=client,O=Example Bank,C=BE"),
        ("tls_client_auth_san_dns", "client.example.com"),
        ("tls_client_auth_san_uri", "https://client.example.com/"),
        ("tls_client_auth_san_ip", "2001:db8::1"),
        ("tls_client_auth_san_email", "client@example.com"),
    ],
)
def test_a_certificate_by_its_name(provider: OpenProvider, member: str, value: str) -> None:
    metadata = {"token_endpoint_auth_method": "tls_client_auth", member: value}
    answer = registered(provider.register(body(**metadata)))
    assert answer[member] == value
    assert certificate_name_of(answer) == (member.removeprefix("tls_client_auth_"), value)
    assert "client_secret" not in answer


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"token_endpoint_auth_method": "tls_client_auth"}, "one name"),
        (
            {
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_san_dns": "a.example",
                "tls_client_auth_san_uri": "https://a.example/",
            },
            "one name",
        ),
        (
            {
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_subject_dn": "no distinguished name",
            },
            "",
        ),
        (
            {
                "token_endpoint_auth_method": "tls_client_auth",
                "tls_client_auth_san_ip": "2001:0db8::1",
            },
            "short form",
        ),
        (
            {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_ip": "host"},
            "",
        ),
        ({"tls_client_auth_san_dns": "a.example"}, "tls_client_auth alone"),
        ({"token_endpoint_auth_method": "self_signed_tls_client_auth"}, "needs jwks"),
        (
            {
                "dpop_bound_access_tokens": True,
                "tls_client_certificate_bound_access_tokens": True,
            },
            "one key",
        ),
        ({"authorization_details_types": ["account"]}, "account"),
        ({"authorization_details_types": "payment"}, "list"),
        ({"tls_client_certificate_bound_access_tokens": "yes"}, "true or false"),
        ({"introspection_signed_response_alg": "HS256"}, "must be one of"),
    ],
)
def test_d05_what_cannot_be(provider: OpenProvider, members: dict[str, Any], reason: str) -> None:
    assert reason in refusal(provider.register(body(**members)))


def test_other_clients_have_no_certificate_name(provider: OpenProvider) -> None:
    assert certificate_name_of(registered(provider.register(body()))) is None


def test_a_certificate_of_its_own(provider: OpenProvider) -> None:
    metadata = {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": KEYS}
    assert metadata.items() <= registered(provider.register(body(**metadata))).items()


def test_what_is_registered_is_answered(provider: OpenProvider) -> None:
    metadata = {
        "tls_client_certificate_bound_access_tokens": True,
        "authorization_details_types": ["payment"],
        "introspection_signed_response_alg": "PS256",
        "default_max_age": 60,
    }
    assert metadata.items() <= registered(provider.register(body(**metadata))).items()


def test_what_is_meant_where_nothing_is_said(provider: OpenProvider) -> None:
    answer = registered(provider.register(body()))
    assert answer["subject_type"] == "public"
    assert answer["id_token_signed_response_alg"] == "RS256"
    assert answer["authorization_signed_response_alg"] == "RS256"


def test_an_age_that_cannot_be_kept(provider: OpenProvider) -> None:
    assert registered(provider.register(body(default_max_age=0)))["default_max_age"] == 1


@pytest.mark.parametrize(
    ("settings", "members"),
    [
        ({}, {"token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "a.b"}),
        ({}, {"token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": KEYS}),
        ({}, {"tls_client_certificate_bound_access_tokens": True}),
        ({"dpop": False}, {"dpop_bound_access_tokens": True}),
        ({}, {"authorization_details_types": ["payment"]}),
    ],
)
def test_d05_what_is_switched_off(settings: dict[str, Any], members: dict[str, Any]) -> None:
    refusal(provider_with(**settings).register(body(**members)))


def profile_of(provider: OpenProvider, **members: Any) -> str:
    answer = registered(provider.register(body(**{**BANK, **members})))
    _registration, change = provider.registrations.known[answer["client_id"]]
    return change.security_profile


def test_a_bank_where_that_is_allowed(provider: OpenProvider) -> None:
    assert profile_of(provider) == "oidc"
    bank = provider_with(mtls=True, policy={"allows_fapi2": True})
    assert profile_of(bank) == "fapi2"
    answer = registered(bank.register(body(**BANK)))
    assert answer["id_token_signed_response_alg"] == "ES256"
    assert answer["authorization_signed_response_alg"] == "ES256"
    assert answer["introspection_signed_response_alg"] == "ES256"
    by_certificate = {
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_san_dns": "a.example",
        "jwks": ...,
        "dpop_bound_access_tokens": ...,
        "tls_client_certificate_bound_access_tokens": True,
        "id_token_signed_response_alg": "PS256",
    }
    assert profile_of(bank, **by_certificate) == "fapi2"


@pytest.mark.parametrize(
    "members",
    [
        {"require_pushed_authorization_requests": False},
        {"require_pushed_authorization_requests": ...},
        {"dpop_bound_access_tokens": False},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"application_type": "native"},
        {"id_token_signed_response_alg": "RS256"},
        {"token_endpoint_auth_signing_alg": "RS256"},
        {"request_object_signing_alg": "RS256"},
        {
            "response_types": ["code", "code id_token"],
            "grant_types": ["authorization_code", "implicit"],
        },
    ],
)
def test_who_does_less_is_no_bank(members: dict[str, Any]) -> None:
    provider = provider_with(policy={"allows_fapi2": True})
    assert profile_of(provider, **members) == "oidc"
