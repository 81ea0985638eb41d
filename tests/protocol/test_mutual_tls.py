"""Client certificates: as authentication, and as what tokens are bound to (RFC 8705)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.assertions import JWKS_URI, client_key, jwk, jwk_set
from fakes.certificates import (
    ALTERNATIVE_NAMES,
    SUBJECT_TEXT,
    header_forms,
    make_certificate,
    thumbprint,
)
from fakes.clock import START
from fakes.constrained import NATIVE_REQUEST, REFRESHING_NATIVE_CLIENT, TOKEN_ADDRESS, userinfo
from fakes.proofs import proof
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT
from fakes.wire import basic, code_exchange, error_of, tokens_of
from protocol.client_authentication.self_signed_tls_client_auth import SELF_SIGNED_TLS_CLIENT_AUTH
from protocol.entities.client import CertificateName, Client
from protocol.messages import ClientCertificate, Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings

SETTINGS = Settings(issuer=ISSUER, mtls=True, mtls_address="https://mtls.example.com")
CERTIFICATE = make_certificate(names=ALTERNATIVE_NAMES)
OTHER_CERTIFICATE = make_certificate(names=ALTERNATIVE_NAMES, days=30)
SHOWN = ClientCertificate(header_forms(CERTIFICATE)["nginx"], is_verified=True)
OTHER = ClientCertificate(header_forms(OTHER_CERTIFICATE)["nginx"], is_verified=True)
UNREADABLE = ClientCertificate("certificate", is_verified=True)
TLS_CLIENT = replace(
    CLIENT,
    token_endpoint_auth_method="tls_client_auth",
    secrets=(),
    certificate_name=CertificateName("subject_dn", SUBJECT_TEXT),
)
BOUND_CLIENT = replace(CLIENT, tls_client_certificate_bound_access_tokens=True)
BOUND_NATIVE_CLIENT = replace(
    REFRESHING_NATIVE_CLIENT, tls_client_certificate_bound_access_tokens=True
)


def provider_for(client: Client, settings: Settings = SETTINGS) -> Provider:
    return Provider(client, settings=settings)


def redeem(
    provider: Provider, certificate: ClientCertificate | None = SHOWN, **form: str
) -> Response:
    """As a client that has nothing but its certificate."""
    exchange = code_exchange(provider.get_code(), client_id="web", **form)
    return provider.post_token(exchange, {}, client_certificate=certificate)


# Authentication


@pytest.mark.parametrize(
    "name",
    [
        CertificateName("subject_dn", SUBJECT_TEXT),
        CertificateName("san_dns", "client.example.com"),
        CertificateName("san_uri", "https://client.example.com/id"),
        CertificateName("san_ip", "192.0.2.7"),
        CertificateName("san_email", "client@example.com"),
    ],
)
def test_a_registered_name(name: CertificateName) -> None:
    assert redeem(provider_for(replace(TLS_CLIENT, certificate_name=name))).status == 200


@pytest.mark.parametrize(
    "name",
    [
        None,
        CertificateName("subject_dn", "CN=client"),
        CertificateName("subject_dn", r"C=BE,O=Bank\, Trust & Co,CN=client"),
        CertificateName("san_dns", "example.com"),
        CertificateName("san_dns", "client@example.com"),
        CertificateName("san_email", "CLIENT@example.com"),
    ],
)
def test_another_name(name: CertificateName | None) -> None:
    response = redeem(provider_for(replace(TLS_CLIENT, certificate_name=name)))
    assert (response.status, error_of(response)) == (401, "invalid_client")


def test_the_event_tells_the_administrator_which_name_came() -> None:
    client = replace(TLS_CLIENT, certificate_name=CertificateName("san_dns", "x"))
    provider = provider_for(client)
    redeem(provider)
    assert SUBJECT_TEXT in provider.store.events[-1].detail
    assert provider.store.events[-1].client_id == client.id


def test_a_name_that_nobody_vouches_for() -> None:
    """Anybody can write it into a certificate of his own."""
    response = redeem(provider_for(TLS_CLIENT), replace(SHOWN, is_verified=False))
    assert error_of(response) == "invalid_client"


def test_without_a_certificate() -> None:
    response = redeem(provider_for(TLS_CLIENT), None)
    assert (response.status, error_of(response)) == (401, "invalid_client")


def test_what_is_no_certificate() -> None:
    assert error_of(redeem(provider_for(TLS_CLIENT), UNREADABLE)) == "invalid_request"


def test_a_certificate_is_no_secret_and_no_secret_a_certificate() -> None:
    assert error_of(redeem(provider_for(CLIENT))) == "invalid_client"
    provider = provider_for(replace(TLS_CLIENT, secrets=CLIENT.secrets))
    exchange = code_exchange(provider.get_code())
    response = provider.post_token(exchange, basic(), client_certificate=SHOWN)
    assert error_of(response) == "invalid_client"


def test_an_unknown_client() -> None:
    provider = provider_for(TLS_CLIENT)
    exchange = code_exchange("x", client_id="unknown")
    response = provider.post_token(exchange, {}, client_certificate=SHOWN)
    assert (response.status, error_of(response)) == (401, "invalid_client")


def test_without_a_trusted_proxy_the_method_is_unknown() -> None:
    provider = provider_for(TLS_CLIENT, Settings(issuer=ISSUER))
    assert error_of(redeem(provider)) == "invalid_client"


def test_a_secret_over_a_connection_with_a_certificate() -> None:
    provider = provider_for(CLIENT)
    exchange = code_exchange(provider.get_code())
    response = provider.post_token(exchange, basic(), client_certificate=SHOWN)
    assert tokens_of(response)["token_type"] == "Bearer"


# The client's own certificate

KEY = client_key("ES256").private
OWN_CERTIFICATE = make_certificate(key=KEY)
OWN = ClientCertificate(header_forms(OWN_CERTIFICATE)["nginx"], is_verified=False)
SELF_SIGNED_CLIENT = replace(
    TLS_CLIENT,
    token_endpoint_auth_method="self_signed_tls_client_auth",
    jwks=jwk_set(jwk("RS256"), jwk("ES256")),
)


def test_a_certificate_for_a_registered_key() -> None:
    """Nobody has to vouch for it, and it may be renewed with the same key."""
    assert redeem(provider_for(SELF_SIGNED_CLIENT), OWN).status == 200
    renewed = header_forms(make_certificate(key=KEY, days=9))["nginx"]
    certificate = ClientCertificate(renewed, is_verified=False)
    assert redeem(provider_for(SELF_SIGNED_CLIENT), certificate).status == 200


def test_a_certificate_for_another_key() -> None:
    for certificate in (SHOWN, None):
        response = redeem(provider_for(SELF_SIGNED_CLIENT), certificate)
        assert (response.status, error_of(response)) == (401, "invalid_client")


def test_a_certificate_whose_time_is_over() -> None:
    old = ClientCertificate(
        header_forms(make_certificate(key=KEY, days=1, start=START - 2 * 86400))["nginx"], False
    )
    assert error_of(redeem(provider_for(SELF_SIGNED_CLIENT), old)) == "invalid_client"


def test_a_client_that_is_to_be_known_by_a_name() -> None:
    client = replace(TLS_CLIENT, jwks=SELF_SIGNED_CLIENT.jwks)
    assert error_of(redeem(provider_for(client), OWN)) == "invalid_client"


def test_a_key_that_came_after_the_last_look() -> None:
    client = replace(SELF_SIGNED_CLIENT, jwks=None, jwks_uri=JWKS_URI)
    provider = provider_for(client)
    provider.internet.publish(JWKS_URI, jwk_set(jwk("RS256")))
    assert error_of(redeem(provider, OWN)) == "invalid_client"
    provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256")))
    provider.clock.advance(61)
    assert redeem(provider, OWN).status == 200


def test_keys_that_cannot_be_had() -> None:
    for client in (
        replace(SELF_SIGNED_CLIENT, jwks=None, jwks_uri=JWKS_URI),
        replace(SELF_SIGNED_CLIENT, jwks=None),
    ):
        response = redeem(provider_for(client), OWN)
        assert (response.status, error_of(response)) == (401, "invalid_client")


def test_where_certificates_prove_keys_only() -> None:
    """Without the method that goes first, this one meets strangers and clients of other methods itself."""
    for client, named in ((CLIENT, "web"), (SELF_SIGNED_CLIENT, "stranger")):
        provider = provider_for(client)
        only = replace(provider.server.parts, client_authentication=(SELF_SIGNED_TLS_CLIENT_AUTH,))
        provider.server = replace(provider.server, parts=only)
        response = provider.post_token(
            code_exchange("x", client_id=named), {}, client_certificate=OWN
        )
        assert (response.status, error_of(response)) == (401, "invalid_client")


# Bound tokens


def bound_tokens(provider: Provider) -> dict[str, Any]:
    exchange = code_exchange(provider.get_code())
    return tokens_of(provider.post_token(exchange, basic(), client_certificate=SHOWN))


def use(provider: Provider, token: str, certificate: ClientCertificate | None) -> Response:
    return userinfo(provider, token, None, scheme="Bearer", client_certificate=certificate)


def test_x12_a_token_is_bound_to_the_certificate() -> None:
    provider = provider_for(BOUND_CLIENT)
    tokens = bound_tokens(provider)
    assert tokens["token_type"] == "Bearer"
    assert use(provider, tokens["access_token"], SHOWN).status == 200
    for certificate in (None, OTHER):
        response = use(provider, tokens["access_token"], certificate)
        assert (response.status, error_of(response)) == (401, "invalid_token")
        assert dict(response.headers)["WWW-Authenticate"].startswith("Bearer ")
    assert use(provider, tokens["access_token"], UNREADABLE).status == 400


def test_x12_who_vouches_does_not_matter_to_a_bound_token() -> None:
    provider = provider_for(BOUND_CLIENT)
    token = bound_tokens(provider)["access_token"]
    assert use(provider, token, replace(SHOWN, is_verified=False)).status == 200


def test_the_certificate_must_be_there_at_the_token_endpoint() -> None:
    provider = provider_for(BOUND_CLIENT)
    response = provider.post_token(code_exchange(provider.get_code()), basic())
    assert (response.status, error_of(response)) == (400, "invalid_request")


def test_introspection_names_the_certificate() -> None:
    provider = provider_for(BOUND_CLIENT)
    token = bound_tokens(provider)["access_token"]
    request = Request("POST", form=Parameters((("token", token),)), headers=basic(), mimetype=FORM)
    answer = provider.server.handle("introspection", request).json
    assert answer is not None
    assert answer["cnf"] == {"x5t#S256": thumbprint(CERTIFICATE)}


def test_x12_the_refresh_token_of_a_public_client() -> None:
    provider = provider_for(BOUND_NATIVE_CLIENT)
    exchange = code_exchange(
        provider.get_code(NATIVE_REQUEST), client_id="native", redirect_uri="http://127.0.0.1/cb"
    )
    first = tokens_of(provider.post_token(exchange, {}, client_certificate=SHOWN))
    form = {
        "grant_type": "refresh_token",
        "refresh_token": first["refresh_token"],
        "client_id": "native",
    }
    assert error_of(provider.post_token(form, {}, client_certificate=OTHER)) == "invalid_grant"
    assert provider.post_token(form, {}, client_certificate=SHOWN).status == 200


def test_both_keys_at_once() -> None:
    provider = provider_for(BOUND_CLIENT)
    headers = basic() | {"dpop": proof("POST", TOKEN_ADDRESS, provider.clock.now())}
    token = tokens_of(
        provider.post_token(
            code_exchange(provider.get_code()),
            headers,
            path="/oauth2/token",
            client_certificate=SHOWN,
        )
    )["access_token"]
    assert userinfo(provider, token, client_certificate=SHOWN).status == 200
    assert userinfo(provider, token, client_certificate=OTHER).status == 401
    assert userinfo(provider, token).status == 401
    assert use(provider, token, SHOWN).status == 401


# Metadata


def metadata(settings: Settings) -> dict[str, Any]:
    path = "/.well-known/openid-configuration"
    response = Provider(settings=settings).server.handle("discovery", Request("GET", path=path))
    return dict(response.json or {})


def test_metadata() -> None:
    document = metadata(SETTINGS)
    assert document["tls_client_certificate_bound_access_tokens"] is True
    assert "tls_client_auth" in document["token_endpoint_auth_methods_supported"]
    aliases = document["mtls_endpoint_aliases"]
    assert aliases["token_endpoint"] == "https://mtls.example.com/oauth2/token"
    assert aliases["userinfo_endpoint"] == "https://mtls.example.com/oauth2/userinfo"
    assert not {"authorization_endpoint", "jwks_uri", "issuer"} & aliases.keys()


def test_metadata_without_an_address_of_its_own() -> None:
    document = metadata(replace(SETTINGS, mtls_address=None))
    assert document["tls_client_certificate_bound_access_tokens"] is True
    assert "mtls_endpoint_aliases" not in document


def test_metadata_without_a_trusted_proxy() -> None:
    document = metadata(Settings(issuer=ISSUER))
    assert not [name for name in document if "tls" in name]
    assert "tls_client_auth" not in document["token_endpoint_auth_methods_supported"]
