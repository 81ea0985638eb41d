"""Authentication by a signed assertion (RFC 7523 §3, OpenID Connect Core §9)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from fakes.assertions import (
    ISSUER,
    JWKS_URI,
    KEY_CLIENT,
    assertion_form,
    claims,
    client_key,
    jwk,
    jwk_set,
    signed,
)
from fakes.clock import START
from fakes.provider import Provider
from fakes.registrations import CLIENT, NATIVE_CLIENT
from fakes.wire import basic, code_exchange, error_of, tokens_of
from protocol.client_authentication import private_key_jwt
from protocol.fetched_documents import LIFETIME, MAXIMUM_AGE, RENEWAL_INTERVAL, RETRY_INTERVAL
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.security_profiles import PROFILES, SecurityProfile

UNKNOWN = {"grant_type": "authorization_code", "code": "unknown", "redirect_uri": "https://a"}


@pytest.fixture
def provider() -> Provider:
    return Provider(KEY_CLIENT, NATIVE_CLIENT)


def authenticate(provider: Provider, assertion: str, **more: str) -> Response:
    """A token request that gets as far as its grant if the client is believed."""
    return provider.post_token({**UNKNOWN, **assertion_form(assertion), **more}, headers={})


def assert_believed(provider: Provider, assertion: str, **more: str) -> None:
    assert error_of(authenticate(provider, assertion, **more)) == "invalid_grant"


def assert_refused(provider: Provider, assertion: str, **more: str) -> None:
    response = authenticate(provider, assertion, **more)
    assert (response.status, error_of(response)) == (401, "invalid_client")


def test_a_whole_code_flow(provider: Provider) -> None:
    code = provider.get_code()
    form = code_exchange(code) | assertion_form(signed(claims()))
    tokens = tokens_of(provider.post_token(form, headers={}))
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = provider.post_token(refresh | assertion_form(signed(claims())), headers={})
    assert again.status == 200


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "EdDSA"])
def test_algorithms(provider: Provider, algorithm: str) -> None:
    assert_believed(provider, signed(claims(), algorithm))


def test_the_registered_algorithm_alone(provider: Provider) -> None:
    provider.change_client(token_endpoint_auth_signing_alg="PS256")
    assert_believed(provider, signed(claims(), "PS256"))
    for algorithm in ("RS256", "ES256", "EdDSA"):
        assert_refused(provider, signed(claims(), algorithm))


def test_client_id_may_come_along(provider: Provider) -> None:
    assert_believed(provider, signed(claims()), client_id="web")
    response = authenticate(provider, signed(claims()), client_id="native")
    assert error_of(response) == "invalid_request"


@pytest.mark.parametrize("endpoint", ["revocation", "introspection"])
def test_siblings_of_the_token_endpoint(provider: Provider, endpoint: str) -> None:
    for aud in (ISSUER, f"{ISSUER}/oauth2/token"):
        form = {"token": "unknown", **assertion_form(signed(claims(aud=aud)))}
        request = Request("POST", form=Parameters(tuple(form.items())), mimetype=FORM)
        assert provider.server.handle(endpoint, request).status == 200


def test_a08_an_assertion_counts_once(provider: Provider) -> None:
    assertion = signed(claims())
    assert_believed(provider, assertion)
    assert_refused(provider, assertion)
    assert_believed(provider, signed(claims(jti="same")))
    assert_refused(provider, signed(claims(jti="same", exp=START + 30)))


def test_a08_the_use_is_remembered_until_the_assertion_ends(provider: Provider) -> None:
    assert_believed(provider, signed(claims(exp=START + 300, jti="j")))
    assert provider.replays.used == {("client_assertion", "web\0j"): START + 300}


def test_the_event_names_the_client_that_is_not_believed(provider: Provider) -> None:
    assert_refused(provider, signed(claims(aud="https://other.example.com")))
    event = provider.store.events[-1]
    assert event.client_identifier == "web"
    assert "aud is not the issuer or the token endpoint" in event.detail


def test_a08_a_refused_assertion_is_not_used_up(provider: Provider) -> None:
    assert_refused(provider, signed(claims(jti="j", aud="https://other.example.com")))
    assert_believed(provider, signed(claims(jti="j")))


@pytest.mark.parametrize(
    "aud",
    [ISSUER, f"{ISSUER}/oauth2/token", [ISSUER], [ISSUER, f"{ISSUER}/oauth2/token"]],
)
def test_a09_own_audiences(provider: Provider, aud: object) -> None:
    assert_believed(provider, signed(claims(aud=aud)))


@pytest.mark.parametrize(
    "aud",
    [
        None,
        "",
        [],
        "https://other.example.com/oauth2/token",
        f"{ISSUER}/",
        f"{ISSUER}/oauth2/par",
        f"{ISSUER}/oauth2/token/",
        [ISSUER, "https://other.example.com"],
        ["https://other.example.com"],
        [ISSUER, 1],
        {"aud": ISSUER},
    ],
)
def test_a09_foreign_audiences(provider: Provider, aud: object) -> None:
    assert_refused(provider, signed(claims(aud=aud)))


@pytest.mark.parametrize(
    ("aud", "believed"),
    [
        (ISSUER, True),
        ([ISSUER], False),
        (f"{ISSUER}/oauth2/token", False),
        ([ISSUER, f"{ISSUER}/oauth2/token"], False),
        (None, False),
    ],
)
def test_a09_the_issuer_alone_where_the_profile_says_so(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, aud: object, believed: bool
) -> None:
    oauth21 = PROFILES["oauth21"]
    strict = SecurityProfile(
        "strict",
        oauth21.response_types,
        oauth21.grant_types,
        issuer_is_only_assertion_audience=True,
    )
    monkeypatch.setitem(PROFILES, "strict", strict)
    provider.change_client(security_profile="strict")
    (assert_believed if believed else assert_refused)(provider, signed(claims(aud=aud)))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "native"},
        {"sub": "native"},
        {"iss": "native", "sub": "native"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 1},
        {"sub": "we\0b"},
        {"exp": None},
        {"jti": None},
        {"jti": ""},
        {"jti": 1},
        {"jti": "j" * 256},
        {"exp": START},
        {"exp": START - 300},
        {"exp": START + 3600 + 11},
        {"iat": START + 61},
        {"nbf": START + 61},
        {"iat": START + 11},
        {"nbf": START + 11},
    ],
)
def test_a10_claims_that_are_refused(provider: Provider, changes: Mapping[str, Any]) -> None:
    assert_refused(provider, signed(claims(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": None},
        {"iat": START - 3000},
        {"iat": START + 10},
        {"nbf": START + 10},
        {"nbf": START - 60},
        {"exp": START + 1},
        {"exp": START + 3600 + 10},
        {"jti": "j" * 255},
        {"more": {"than": "asked"}},
    ],
)
def test_a10_claims_that_are_taken(provider: Provider, changes: Mapping[str, Any]) -> None:
    assert_believed(provider, signed(claims(**changes)))


def test_a12_only_registered_keys_count(provider: Provider) -> None:
    foreign = client_key("ES256", "attacker")
    assert_refused(provider, signed(claims(), key=foreign))
    assert_refused(provider, signed(claims(), key=foreign, kid=client_key("ES256").public.kid))
    assert_refused(provider, signed(claims(), key=foreign, kid=None))


@pytest.mark.parametrize(
    "header",
    [
        {"jwk": jwk("ES256", "attacker")},
        {"jku": "https://evil.example.com/jwks"},
        {"x5u": "https://evil.example.com/x5u"},
        {"x5c": ["AA"]},
    ],
)
def test_a12_j09_keys_in_the_token_are_never_looked_at(
    provider: Provider, header: dict[str, Any]
) -> None:
    foreign = client_key("ES256", "attacker")
    provider.internet.publish("https://evil.example.com/jwks", jwk_set(jwk("ES256", "attacker")))
    assert_refused(provider, signed(claims(), key=foreign, **header))
    assert_believed(provider, signed(claims(), **header))
    assert provider.internet.fetched == []


@pytest.mark.parametrize(
    "assertion",
    [
        "",
        "a",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        "..",
        "x" * 100_000,
        json.dumps({"payload": "", "signatures": []}),
    ],
)
def test_a13_j14_j23_malformed(provider: Provider, assertion: str) -> None:
    assert_refused(provider, assertion)


@pytest.mark.parametrize("index", [0, 1, 2])
def test_a13_j10_a_damaged_part(provider: Provider, index: int) -> None:
    for damage in ("", "!", "e30", "WzFd", "\u00e9"):
        parts = signed(claims()).split(".")
        parts[index] = damage
        assert_refused(provider, ".".join(parts))


@pytest.mark.parametrize("header", [{"crit": ["exp"]}, {"b64": False}, {"typ": "at+jwt"}])
def test_j08_t05_headers_that_are_refused(provider: Provider, header: dict[str, Any]) -> None:
    assert_refused(provider, signed(claims(), **header))


@pytest.mark.parametrize("typ", [None, "JWT", "client-authentication+jwt"])
def test_types(provider: Provider, typ: str | None) -> None:
    assert_believed(provider, signed(claims(), typ=typ))


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps(claims())[:-1] + ', "sub": "web"}',
        json.dumps(claims(exp=float("nan"))),
        json.dumps(claims(exp=2**70)),
        json.dumps(claims(exp=str(START + 60))),
        json.dumps(claims(exp=START + 60.5)),
        json.dumps(claims(exp=True)),
        json.dumps(claims(nbf="now")),
        "[" * 50_000,
        "[]",
        "null",
    ],
)
def test_j22_payloads_that_two_parsers_would_read_differently(
    provider: Provider, payload: str
) -> None:
    assert_refused(provider, signed(payload.encode()))


@pytest.mark.parametrize("type_", ["", "jwt-bearer", private_key_jwt.ASSERTION_TYPE + "x"])
def test_the_type_of_the_assertion(provider: Provider, type_: str) -> None:
    form = UNKNOWN | assertion_form(signed(claims())) | {"client_assertion_type": type_}
    assert error_of(provider.post_token(form, headers={})) == "invalid_client"


def test_a_type_without_assertion(provider: Provider) -> None:
    form = UNKNOWN | {"client_assertion_type": private_key_jwt.ASSERTION_TYPE, "client_id": "web"}
    assert error_of(provider.post_token(form, headers={})) == "invalid_client"


def test_a06_an_assertion_without_type_is_not_passed_over(provider: Provider) -> None:
    """Whoever brings one wants to prove something, also where nothing had to be proven."""
    form = code_exchange("x", client_id="native")
    assert error_of(provider.post_token(form, headers={})) == "invalid_grant"
    form["client_assertion"] = signed(claims(iss="native", sub="native"))
    assert error_of(provider.post_token(form, headers={})) == "invalid_client"


def test_a01_two_methods_at_once(provider: Provider) -> None:
    form = UNKNOWN | assertion_form(signed(claims()))
    assert error_of(provider.post_token(form, headers=basic())) == "invalid_request"
    assert error_of(authenticate(provider, signed(claims()), client_secret="s")) == (
        "invalid_request"
    )


def test_a_client_of_another_method(provider: Provider) -> None:
    provider.change_client(
        token_endpoint_auth_method="client_secret_basic", jwks=None, jwks_uri=JWKS_URI
    )
    assert_refused(provider, signed(claims()))
    assert provider.internet.fetched == []


def test_a05_a_client_with_keys_must_use_them() -> None:
    provider = Provider(KEY_CLIENT)
    provider.change_client(secrets=CLIENT.secrets)
    assert error_of(provider.post_token(UNKNOWN)) == "invalid_client"
    form = UNKNOWN | {"client_id": "web"}
    assert error_of(provider.post_token(form, headers={})) == "invalid_client"


def test_an_unknown_client(provider: Provider) -> None:
    assert_refused(provider, signed(claims(iss="nobody", sub="nobody")))


def test_a_client_without_keys(provider: Provider) -> None:
    provider.change_client(jwks=None)
    assert_refused(provider, signed(claims()))


def test_metadata(provider: Provider) -> None:
    response = provider.server.handle(
        "discovery", Request("GET", path="/.well-known/openid-configuration")
    )
    assert response.json is not None
    for name in ("token", "revocation", "introspection"):
        assert "private_key_jwt" in response.json[f"{name}_endpoint_auth_methods_supported"]
        assert response.json[f"{name}_endpoint_auth_signing_alg_values_supported"] == [
            "RS256",
            "PS256",
            "ES256",
            "EdDSA",
        ]


class TestPublishedKeys:
    """Keys at an address of the client (jwks_uri)."""

    @pytest.fixture
    def provider(self) -> Provider:
        provider = Provider(KEY_CLIENT)
        provider.change_client(jwks=None, jwks_uri=JWKS_URI)
        provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256")))
        return provider

    def believed(self, provider: Provider, owner: str = "app", **header: Any) -> bool:
        now = provider.clock.now()
        content = claims(iat=now, exp=now + 60)
        response = authenticate(provider, signed(content, key=client_key("ES256", owner), **header))
        return response.status == 400

    def test_fetched_once_and_kept(self, provider: Provider) -> None:
        assert self.believed(provider)
        assert self.believed(provider)
        assert provider.internet.fetched == [JWKS_URI]

    def test_fetched_again_after_a_while(self, provider: Provider) -> None:
        assert self.believed(provider)
        provider.clock.advance(LIFETIME)
        assert self.believed(provider)
        assert len(provider.internet.fetched) == 2

    def test_d21_few_keys_are_fetched_at_a_time(self, provider: Provider) -> None:
        provider.places.taken["outbound documents"] = 4
        assert not self.believed(provider)
        assert not provider.internet.fetched
        provider.places.taken.clear()
        assert self.believed(provider)
        provider.places.taken["outbound documents"] = 4
        assert self.believed(provider), "these are here already"
        provider.clock.advance(LIFETIME)
        assert self.believed(provider), "the last ones count meanwhile"
        assert not self.believed(provider, "unknown")
        assert len(provider.internet.fetched) == 1

    def test_j20_a_new_key_is_fetched_at_once(self, provider: Provider) -> None:
        assert self.believed(provider)
        provider.clock.advance(1)
        provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256", "new")))
        assert self.believed(provider, "new")
        assert not self.believed(provider)

    def test_j20_a_new_key_without_a_name_too(self, provider: Provider) -> None:
        provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256", kid=None)))
        assert self.believed(provider, kid=None)
        provider.clock.advance(1)
        provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256", "new", kid=None)))
        assert self.believed(provider, "new", kid=None)

    def test_j20_unknown_keys_fetch_once_a_minute(self, provider: Provider) -> None:
        assert not self.believed(provider, "attacker")
        assert len(provider.internet.fetched) == 1
        for _ in range(5):
            provider.clock.advance(1)
            assert not self.believed(provider, "attacker")
        assert len(provider.internet.fetched) == 2
        provider.clock.advance(RENEWAL_INTERVAL)
        assert not self.believed(provider, "attacker")
        assert len(provider.internet.fetched) == 3

    def test_j20_d16_a_failure_is_not_kept_as_keys(self, provider: Provider) -> None:
        del provider.internet.documents[JWKS_URI]
        assert not self.believed(provider)
        assert not self.believed(provider)
        assert len(provider.internet.fetched) == 1
        provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256")))
        provider.clock.advance(RETRY_INTERVAL)
        assert self.believed(provider)

    @pytest.mark.parametrize("body", [b"<html>", b"\xff", jwk_set({"kty": "oct"}), " " * 70_000])
    def test_j20_d16_bad_documents(self, provider: Provider, body: str | bytes) -> None:
        provider.internet.publish(JWKS_URI, body)
        assert not self.believed(provider)
        assert provider.documents.stored == {}

    def test_d16_other_statuses(self, provider: Provider) -> None:
        provider.internet.publish(JWKS_URI, jwk_set(jwk("ES256")), status=302)
        assert not self.believed(provider)
        assert provider.documents.stored == {}

    def test_known_keys_outlive_an_outage_of_a_day(self, provider: Provider) -> None:
        assert self.believed(provider)
        del provider.internet.documents[JWKS_URI]
        provider.clock.advance(LIFETIME)
        assert self.believed(provider)
        provider.clock.advance(MAXIMUM_AGE - LIFETIME)
        assert not self.believed(provider)

    def test_an_outage_ends_no_login(self, provider: Provider) -> None:
        """A token that no known key signed, while newer keys cannot be had."""
        assert self.believed(provider)
        del provider.internet.documents[JWKS_URI]
        provider.clock.advance(1)
        assert not self.believed(provider, "attacker")
        assert self.believed(provider)

    def test_registered_keys_go_first(self, provider: Provider) -> None:
        provider.change_client(jwks=jwk_set(jwk("ES256")))
        assert self.believed(provider)
        assert not self.believed(provider, "attacker")
        assert provider.internet.fetched == []
