"""Protected resources of this server beside UserInfo: who may use them (RFC 6750 §3, RFC 8707, RFC 9728)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.proofs import proof
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT
from fakes.wire import basic, code_exchange, code_request, error_of, pairs, query_of, tokens_of
from protocol.endpoints.protected_resource_metadata import (
    PROTECTED_RESOURCE_METADATA,
    metadata_address,
)
from protocol.entities.resource import Resource
from protocol.messages import Request, Response
from protocol.resource_access import (
    EVENT_INTERVAL,
    Admission,
    Demand,
    Refusal,
    admit,
    record_refused_use,
    refuse_scope,
)
from protocol.settings import Settings
from protocol.tokens.presented import may_be_ours

API = f"{ISSUER}/api"
RESOURCE = Resource(API, "The API", frozenset({"api.read", "api.write"}))
METADATA = f"{ISSUER}/.well-known/oauth-protected-resource/api"
READING = Demand(API, any_scope=("api.read", "api.write"))
SCOPED_CLIENT = replace(CLIENT, scope=CLIENT.scope | {"api.read", "api.write"})


@pytest.fixture
def provider() -> Provider:
    made = Provider(SCOPED_CLIENT, settings=Settings(ISSUER, own_resources=(RESOURCE,)))
    made.log_in(auth_time=made.clock.now() - 100, amr=("pwd",))
    return made


def connect(provider: Provider, scope: str, *resources: str) -> str:
    sent = [*pairs(code_request(scope=scope)), *(("resource", value) for value in resources)]
    code = query_of(provider.decide(query_of(provider.ask(sent))["rid"]))["code"]
    return str(tokens_of(provider.post_token(code_exchange(code)))["access_token"])


def use(
    provider: Provider, token: str | None, demand: Demand = READING, **headers: str
) -> Admission | Refusal:
    if token is not None:
        headers = {"authorization": f"Bearer {token}"} | headers
    return admit(provider.server, Request("POST", "/api/x", headers=headers), demand)


def admitted(verdict: Admission | Refusal) -> Admission:
    assert isinstance(verdict, Admission), verdict
    return verdict


def refused(verdict: Admission | Refusal, status: int, error: str) -> str:
    """The challenge."""
    assert isinstance(verdict, Refusal)
    assert (verdict.response.status, error_of(verdict.response)) == (status, error)
    return dict(verdict.response.headers)["WWW-Authenticate"]


def test_a_token_for_the_resource(provider: Provider) -> None:
    admission = admitted(use(provider, connect(provider, "openid api.read", API)))
    assert admission.token.authorization.user == ALICE
    assert admission.client.client_identifier == SCOPED_CLIENT.client_identifier
    assert admission.scope == {"api.read"}
    assert provider.event_types().count("use_refused") == 0


def test_rfc9068_3_without_a_resource_the_scope_says_for_which_the_token_is(
    provider: Provider,
) -> None:
    token = connect(provider, "openid api.write")
    assert admitted(use(provider, token)).scope == {"openid", "api.write"}
    assert provider.get("userinfo", token).status == 200


def test_a_renewed_token_is_for_the_same(provider: Provider) -> None:
    code = provider.get_code(code_request(scope="openid api.read"))
    tokens = tokens_of(provider.post_token(code_exchange(code)))
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    assert admitted(use(provider, renewed["access_token"])).scope == {"openid", "api.read"}
    narrow = tokens_of(provider.refresh(renewed["refresh_token"], resource=API))
    assert narrow["scope"] == "api.read"
    assert admitted(use(provider, narrow["access_token"])).scope == {"api.read"}
    outside = provider.refresh(narrow["refresh_token"], resource=f"{API}/x")
    assert error_of(outside) == "invalid_target"


def test_t02_a_token_for_something_else(provider: Provider) -> None:
    for token in (connect(provider, "openid email"), connect(provider, "openid api.read", ISSUER)):
        challenge = refused(use(provider, token), 401, "invalid_token")
        assert challenge.endswith(f', resource_metadata="{METADATA}"')


def test_t02_a_token_for_the_resource_opens_no_userinfo(provider: Provider) -> None:
    response = provider.get("userinfo", connect(provider, "openid api.read", API))
    assert (response.status, error_of(response)) == (401, "invalid_token")


def test_t03_too_little_scope(provider: Provider) -> None:
    token = connect(provider, "openid api.read")
    writing = Demand(API, any_scope=("api.write",))
    challenge = refused(use(provider, token, writing), 403, "insufficient_scope")
    assert f'scope="api.write", resource_metadata="{METADATA}"' in challenge
    both = Demand(API, scope=frozenset({"email", "api.read"}))
    challenge = refused(use(provider, token, both), 403, "insufficient_scope")
    assert 'scope="api.read email"' in challenge


def test_scope_that_was_taken_from_the_client_counts_no_more(provider: Provider) -> None:
    token = connect(provider, "openid api.read")
    provider.change_client(scope=CLIENT.scope)
    refused(use(provider, token), 403, "insufficient_scope")


def test_what_is_dead_is_dead_at_once(provider: Provider) -> None:
    token = connect(provider, "openid api.read")
    provider.change_user(is_active=False)
    refused(use(provider, token), 401, "invalid_token")
    provider.change_user(is_active=True)
    admitted(use(provider, token))
    provider.clock.advance(CLIENT.access_token_lifetime)
    refused(use(provider, token), 401, "invalid_token")


def test_a_client_that_is_archived_at_this_moment(provider: Provider) -> None:
    token = connect(provider, "openid api.read")
    stored = provider.store.find_client
    provider.store.find_client = lambda identifier: None  # type: ignore[method-assign]
    refused(use(provider, token), 401, "invalid_token")
    assert provider.event_types().count("use_refused") == 0
    provider.store.find_client = stored  # type: ignore[method-assign]


def test_tokens_of_a_stock_odoo_open_no_resource(provider: Provider) -> None:
    token = connect(provider, "openid api.read")
    provider.change_client(security_profile="odoo_login")
    refused(use(provider, token), 401, "invalid_token")


def test_without_a_token_the_challenges_tell_where_to_go_on(provider: Provider) -> None:
    verdict = use(provider, None)
    assert isinstance(verdict, Refusal)
    assert verdict.is_of_stranger
    challenges = [value for name, value in verdict.response.headers if name == "WWW-Authenticate"]
    more = f', scope="api.read", resource_metadata="{METADATA}"'
    assert challenges == [
        f'Bearer realm="oauth2"{more}',
        f'DPoP realm="oauth2", algs="PS256 ES256 EdDSA"{more}',
    ]
    verdict = use(provider, None, Demand(API))
    assert isinstance(verdict, Refusal)
    assert "scope" not in dict(verdict.response.headers)["WWW-Authenticate"]


def test_a_stranger_s_token_may_be_known_to_somebody_else(provider: Provider) -> None:
    verdict = use(provider, "of-somebody-else")
    refused(verdict, 401, "invalid_token")
    assert isinstance(verdict, Refusal)
    assert verdict.is_of_stranger
    verdict = use(provider, connect(provider, "openid"))
    assert isinstance(verdict, Refusal)
    assert not verdict.is_of_stranger


def test_rfc9470_step_up(provider: Provider) -> None:
    token = connect(provider, "openid api.read")
    demand = replace(READING, acr_values=("mfa",), max_age=99)
    challenge = refused(use(provider, token, demand), 401, "insufficient_user_authentication")
    assert 'acr_values="mfa", max_age="99", resource_metadata=' in challenge
    assert provider.event_types().count("use_refused") == 0


def test_x06_a_bound_token_needs_its_proof(provider: Provider) -> None:
    sent = [*pairs(code_request(scope="openid api.read"))]
    code = query_of(provider.decide(query_of(provider.ask(sent))["rid"]))["code"]
    address, now = f"{ISSUER}/oauth2/token", provider.clock.now()
    headers = basic() | {"dpop": proof("POST", address, now)}
    response = provider.post_token(code_exchange(code), headers, path="/oauth2/token")
    token = str(tokens_of(response)["access_token"])
    refused(use(provider, token), 401, "invalid_token")
    refused(use(provider, None, authorization=f"DPoP {token}"), 401, "invalid_dpop_proof")
    made = proof("POST", f"{API}/x", now, access_token=token)
    admission = admitted(use(provider, None, authorization=f"DPoP {token}", dpop=made))
    assert admission.scheme == "DPoP"
    refused(
        use(provider, None, authorization=f"DPoP {token}", dpop=made), 401, "invalid_dpop_proof"
    )
    response = refuse_scope(
        provider.server, Request("POST"), Demand(API, any_scope=("api.write",)), admission
    )
    assert dict(response.headers)["WWW-Authenticate"].startswith("DPoP ")


def test_fapi_interaction_id_comes_back_either_way(provider: Provider) -> None:
    name, value = "x-fapi-interaction-id", "9d0b1a5e-2f7c-4d2e-8a11-0d8a4f1f0e8c"
    admission = admitted(use(provider, connect(provider, "api.read"), **{name: value}))
    assert admission.headers == ((name, value),)
    verdict = use(provider, None, **{name: value})
    assert isinstance(verdict, Refusal)
    assert (name, value) in verdict.response.headers


def test_refusals_of_living_tokens_leave_one_event_for_a_while(provider: Provider) -> None:
    token = connect(provider, "openid")
    for _time in range(3):
        refused(use(provider, token), 401, "invalid_token")
    found = [event for event in provider.store.events if event.event_type == "use_refused"]
    assert [(event.client_id, event.user_id) for event in found] == [(CLIENT.id, ALICE.id)]
    assert found[0].detail == f"invalid_token: This token is for another resource. ({API})"
    provider.clock.advance(EVENT_INTERVAL + 1)
    refused(use(provider, token), 401, "invalid_token")
    assert provider.event_types().count("use_refused") == 2


def test_strangers_leave_no_event(provider: Provider) -> None:
    before = len(provider.store.events)
    for token in (None, "x", "o2a_unknown", "a.b.c", "\x00"):
        use(provider, token)
    assert len(provider.store.events) == before


def test_trying_more_than_the_scope_allows(provider: Provider) -> None:
    admission = admitted(use(provider, connect(provider, "openid api.read")))
    demand = Demand(API, any_scope=("api.write",))
    response = refuse_scope(provider.server, Request("POST"), demand, admission)
    assert (response.status, error_of(response)) == (403, "insufficient_scope")
    assert 'scope="api.write"' in dict(response.headers)["WWW-Authenticate"]
    assert provider.event_types()[-1] == "use_refused"


def test_a_resource_that_refuses_for_its_own_reasons(provider: Provider) -> None:
    admission = admitted(use(provider, connect(provider, "openid api.read")))
    for detail in ("no such shelf", "no such shelf", "no such book"):
        record_refused_use(provider.server, Request("POST"), READING, admission, detail)
    found = [event.detail for event in provider.store.events if event.event_type == "use_refused"]
    assert found == [f"no such shelf ({API})", f"no such book ({API})"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("o2a_x", True), ("o2r_x", True), ("a.b.c", True), ("0123456789abcdef", False), ("", False)],
)
def test_form_of_our_tokens(value: str, expected: bool) -> None:
    assert may_be_ours(value) is expected


# Metadata


def metadata(provider: Provider, path: str, method: str = "GET", **headers: str) -> Response:
    parts = provider.server.parts
    endpoints = {**parts.endpoints, "metadata": PROTECTED_RESOURCE_METADATA}
    server = replace(provider.server, parts=replace(parts, endpoints=endpoints))
    return server.handle("metadata", Request(method, path, headers=headers))


def document(provider: Provider, path: str) -> dict[str, Any]:
    response = metadata(provider, path)
    assert response.status == 200
    assert response.json is not None
    return dict(response.json)


def test_rfc9728_metadata_of_a_resource(provider: Provider) -> None:
    assert document(provider, "/.well-known/oauth-protected-resource/api") == {
        "resource": API,
        "resource_name": "The API",
        "authorization_servers": [ISSUER],
        "scopes_supported": ["api.read", "api.write"],
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": ["PS256", "ES256", "EdDSA"],
    }


def test_rfc9728_metadata_of_the_whole_server(provider: Provider) -> None:
    found = document(provider, "/.well-known/oauth-protected-resource")
    assert found["resource"] == ISSUER
    assert "resource_name" not in found
    assert "openid" in found["scopes_supported"]


def test_rfc9728_metadata_names_the_keys_that_are_looked_at() -> None:
    settings = Settings(ISSUER, own_resources=(RESOURCE,), dpop=False, mtls=True)
    found = document(Provider(settings=settings), "/.well-known/oauth-protected-resource/api/")
    assert "dpop_signing_alg_values_supported" not in found
    assert found["tls_client_certificate_bound_access_tokens"] is True


@pytest.mark.parametrize("path", ["/api/x", "/ap", "/API", "/api?x", "//api"])
def test_rfc9728_unknown_resource(provider: Provider, path: str) -> None:
    response = metadata(provider, f"/.well-known/oauth-protected-resource{path}")
    assert (response.status, error_of(response)) == (404, "invalid_request")


def test_rfc9728_the_path_of_the_issuer_stands_behind_the_well_known_name() -> None:
    issuer = f"{ISSUER}/odoo"
    resource = Resource(f"{issuer}/api", "", frozenset({"x"}))
    provider = Provider(settings=Settings(issuer, own_resources=(resource,)))
    address = metadata_address(resource.identifier)
    assert address == f"{ISSUER}/.well-known/oauth-protected-resource/odoo/api"
    assert document(provider, address.removeprefix(ISSUER))["resource"] == resource.identifier


def test_metadata_may_be_kept(provider: Provider) -> None:
    path = "/.well-known/oauth-protected-resource/api"
    etag = dict(metadata(provider, path).headers)["ETag"]
    assert metadata(provider, path, **{"if-none-match": etag}).status == 304
    assert metadata(provider, path, "POST").status == 405


def test_discovery_names_the_scopes_of_our_resources(provider: Provider) -> None:
    request = Request("GET", "/.well-known/openid-configuration")
    response = provider.server.handle("discovery", request)
    assert response.json is not None
    assert response.json["scopes_supported"][-2:] == ["api.read", "api.write"]


def test_a_resource_lies_below_the_issuer() -> None:
    with pytest.raises(ValueError, match="below the issuer"):
        Settings(ISSUER, own_resources=(Resource("https://other.example/api"),)).validate()
    Settings(ISSUER, own_resources=(RESOURCE,)).validate()
