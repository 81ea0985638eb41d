"""grant_type client_credentials (RFC 6749 §4.4), and grants that are not there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT, ROBOT, SERVICE_CLIENT
from fakes.wire import error_of, tokens_of
from protocol.entities import Resource
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM


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
    assert provider.event_types() == ["token_issued"]


def test_scope_can_be_narrower_but_not_wider(provider: Provider) -> None:
    assert tokens_of(ask(provider, scope="email"))["scope"] == "email"
    for scope in ("email unheard-of", "openid", "email offline_access"):
        assert error_of(ask(provider, scope=scope)) == "invalid_scope"
    provider.change_client(scope=frozenset({"openid"}))
    assert error_of(ask(provider)) == "invalid_scope"


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
