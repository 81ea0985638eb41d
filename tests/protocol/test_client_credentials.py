"""grant_type client_credentials (RFC 6749 §4.4), and grants that are not there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT, ROBOT, SERVICE_CLIENT
from fakes.wire import basic, error_of, tokens_of
from protocol.entities.resource import Resource
from protocol.grants.shared_authorization import PERIOD
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings


@pytest.fixture
def provider() -> Provider:
    return Provider(SERVICE_CLIENT)


def ask(provider: Provider, **changes: str) -> Response:
    return provider.post_token({"grant_type": "client_credentials"} | changes)


def introspect(provider: Provider, token: str) -> dict[str, Any]:
    request = Request("POST", form=Parameters((("token", token),)), mimetype=FORM)
    headers = {"authorization": "Basic d2ViOmEtY2xpZW50LXNlY3JldA=="}
    response = provider.server.handle("introspection", replace(request, headers=headers))
    return dict(response.json or {})


def test_acts_as_the_service_user(provider: Provider) -> None:
    tokens = tokens_of(ask(provider))
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert tokens["scope"] == "email profile"
    described = introspect(provider, tokens["access_token"])
    assert described["sub"] == ROBOT.public_subject
    assert described["client_id"] == "web"
    assert described["aud"] == ISSUER, "no token is for nobody"
    (event,) = provider.store.events
    assert (event.event_type, event.user_id) == ("token_issued", ROBOT.id)


def test_nothing_of_a_login_though_the_client_may_have_it(provider: Provider) -> None:
    provider.change_client(scope=frozenset({"openid", "offline_access", "email"}))
    assert tokens_of(ask(provider))["scope"] == "email"
    for scope in ("openid", "offline_access"):
        assert error_of(ask(provider, scope=scope)) == "invalid_scope"


def test_for_what_of_us_the_scope_speaks_of() -> None:
    api = Resource(f"{ISSUER}/json", "API", frozenset({"email"}))
    provider = Provider(SERVICE_CLIENT, settings=Settings(ISSUER, own_resources=(api,)))
    for scope, audience in (("email", [ISSUER, api.identifier]), ("profile", ISSUER)):
        token = tokens_of(ask(provider, scope=scope))["access_token"]
        assert introspect(provider, token)["aud"] == audience


def test_scope_can_be_narrower_but_not_wider(provider: Provider) -> None:
    assert tokens_of(ask(provider, scope="email"))["scope"] == "email"
    for scope in ("email unheard-of", "openid", "email offline_access"):
        assert error_of(ask(provider, scope=scope)) == "invalid_scope"
    provider.change_client(scope=frozenset({"openid"}))
    assert error_of(ask(provider)) == "invalid_scope"
    assert error_of(ask(provider, scope="email admin")) == "invalid_scope"
    detail = "invalid_scope: not allowed with this grant: admin email"
    assert provider.store.events[-1].detail == detail


@pytest.mark.parametrize(
    "changes",
    [{"is_active": False}, {"is_internal": False}, None],
    ids=["archived", "share", "gone"],
)
def test_g08_service_user_is_archived(provider: Provider, changes: dict[str, Any] | None) -> None:
    provider.change_client(internal_users_only=True)
    before = tokens_of(ask(provider))["access_token"]
    if changes is None:
        provider.change_client(service_user_id=99)
    else:
        provider.store.users[ROBOT.id] = replace(ROBOT, **changes)
        assert introspect(provider, before) == {"active": False}
    assert error_of(ask(provider)) == "invalid_grant"


def test_g08_service_user_who_manages_rights_by_now(provider: Provider) -> None:
    provider.directory.managers.add(ROBOT.id)
    assert error_of(ask(provider)) == "invalid_grant"


def test_u04_service_user_outside_the_group(provider: Provider) -> None:
    provider.change_client(group_ids=frozenset({5}))
    assert error_of(ask(provider)) == "invalid_grant"
    provider.directory.groups[ROBOT.id].add(5)
    assert ask(provider).status == 200


def test_a_client_without_service_user(provider: Provider) -> None:
    provider.change_client(service_user_id=None)
    assert error_of(ask(provider)) == "invalid_grant"


def test_for_a_resource(provider: Provider) -> None:
    provider.resources.resources.append(
        Resource("https://orders.example", "Orders", frozenset({"email"}))
    )
    tokens = tokens_of(ask(provider, resource="https://orders.example"))
    assert tokens["scope"] == "email"
    assert introspect(provider, tokens["access_token"])["aud"] == "https://orders.example"
    assert error_of(ask(provider, resource="https://files.example")) == "invalid_target"


def test_public_clients_never(provider: Provider) -> None:
    provider.change_client(token_endpoint_auth_method="none")
    form = {"grant_type": "client_credentials", "client_id": "web"}
    assert error_of(provider.post_token(form, headers={})) == "unauthorized_client"


def test_c14_only_where_it_is_allowed() -> None:
    provider = Provider(replace(CLIENT, service_user_id=ROBOT.id))
    assert error_of(ask(provider)) == "unauthorized_client"


def test_x10_pushing_binds_authorization_requests_alone(provider: Provider) -> None:
    provider.change_client(require_pushed_authorization_requests=True)
    assert ask(provider).status == 200


@pytest.fixture
def sharing() -> Provider:
    """A service with JWTs, at the beginning of a period."""
    provider = Provider(replace(SERVICE_CLIENT, access_token_format="jwt"))
    provider.clock.advance(PERIOD - provider.clock.now() % PERIOD)
    return provider


def revoke(provider: Provider, token: str) -> None:
    request = Request("POST", form=Parameters((("token", token),)), mimetype=FORM, headers=basic())
    assert provider.server.handle("revocation", request).status == 200


def test_jwts_share_an_authorization_and_its_event_for_a_period(sharing: Provider) -> None:
    tokens = set()
    for wait in (0, 1, PERIOD - 2):
        sharing.clock.advance(wait)
        answer = tokens_of(ask(sharing))
        assert answer["expires_in"] == SERVICE_CLIENT.access_token_lifetime
        tokens.add(answer["access_token"])
    assert len(tokens) == 3
    assert all(introspect(sharing, token)["sub"] == ROBOT.public_subject for token in tokens)
    assert (len(sharing.store.authorizations), sharing.store.tokens) == (1, {})
    assert sharing.event_types() == ["token_issued"]
    sharing.clock.advance(1)
    ask(sharing)
    assert len(sharing.store.authorizations) == 2
    assert sharing.event_types() == ["token_issued"] * 2


def test_the_last_jwt_of_a_period_lives_as_long_as_any(sharing: Provider) -> None:
    sharing.clock.advance(1)
    ask(sharing)
    sharing.clock.advance(PERIOD - 2)
    answer = tokens_of(ask(sharing))
    (authorization,) = sharing.store.authorizations.values()
    assert authorization.expires_at == sharing.clock.now() + 1 + answer["expires_in"]
    sharing.clock.advance(answer["expires_in"] - 1)
    assert introspect(sharing, answer["access_token"])["active"] is True
    sharing.clock.advance(1)
    assert introspect(sharing, answer["access_token"]) == {"active": False}


def test_what_an_event_tells_apart_is_not_shared(sharing: Provider) -> None:
    """A thief of the secret who comes from elsewhere leaves a trace of his own."""
    form = {"grant_type": "client_credentials"}
    for parts in ({}, {"remote_address": "192.0.2.7"}, {"user_agent": "curl"}):
        for _ in range(2):
            tokens_of(sharing.post_token(form, **parts))
    told = [(event.ip_address, event.user_agent) for event in sharing.store.events]
    assert told == [("", ""), ("192.0.2.7", ""), ("", "curl")]


def test_what_an_authorization_tells_apart_is_not_shared(sharing: Provider) -> None:
    sharing.resources.resources.append(Resource("https://orders.example", "Orders"))
    for changes in ({}, {"scope": "email"}, {"resource": "https://orders.example"}):
        for _ in range(2):
            tokens_of(ask(sharing, **changes))
    stored = list(sharing.store.authorizations.values())
    assert [len(new.scope) for new in stored] == [2, 1, 2]
    assert [new.audience for new in stored] == [(), (), ("https://orders.example",)]
    sharing.change_client(access_token_lifetime=7200)
    assert tokens_of(ask(sharing))["expires_in"] == 7200
    sharing.store.users[77] = replace(ROBOT, id=77, public_subject="another-robot")
    sharing.change_client(service_user_id=77)
    assert introspect(sharing, tokens_of(ask(sharing))["access_token"])["sub"] == "another-robot"


def test_giving_a_jwt_back_ends_those_that_share_and_no_later_one(sharing: Provider) -> None:
    first, second = (tokens_of(ask(sharing))["access_token"] for _ in range(2))
    revoke(sharing, first)
    assert introspect(sharing, first) == introspect(sharing, second) == {"active": False}
    third, fourth = (tokens_of(ask(sharing))["access_token"] for _ in range(2))
    assert introspect(sharing, third)["active"] and introspect(sharing, fourth)["active"]
    assert introspect(sharing, first) == {"active": False}
    assert sharing.event_types() == ["token_issued", "revoked", "token_issued"]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_internal": False}])
def test_g08_sharing_does_not_outlive_the_service_user(
    sharing: Provider, change: dict[str, Any]
) -> None:
    sharing.change_client(internal_users_only=True)
    token = tokens_of(ask(sharing))["access_token"]
    sharing.store.users[ROBOT.id] = replace(ROBOT, **change)
    assert error_of(ask(sharing)) == "invalid_grant"
    assert introspect(sharing, token) == {"active": False}


def test_u04_sharing_asks_for_the_group_each_time(sharing: Provider) -> None:
    ask(sharing)
    sharing.change_client(group_ids=frozenset({5}))
    assert error_of(ask(sharing)) == "invalid_grant"


def test_g14_password_grant_is_refused_with_advice(provider: Provider) -> None:
    form = {"grant_type": "password", "username": "alice", "password": "secret"}
    response = provider.post_token(form)
    assert (response.status, error_of(response)) == (400, "unsupported_grant_type")
    assert response.json is not None
    assert "authorization_code with PKCE" in response.json["error_description"]
    assert not [event for event in provider.store.events if "secret" in repr(event)]


def test_g14_switched_off(provider: Provider) -> None:
    parts = provider.server.parts.without_grants(frozenset({"client_credentials"}))
    provider.server = replace(provider.server, parts=parts)
    assert error_of(ask(provider)) == "unsupported_grant_type"
    request = Request("GET", path="/.well-known/openid-configuration")
    document = provider.server.handle("discovery", request).json
    assert document is not None
    assert "client_credentials" not in document["grant_types_supported"]
    assert "password" not in document["grant_types_supported"]
