"""grant_type token-exchange (RFC 8693): whose token, for whom, and who acts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.constrained import TOKEN_ADDRESS, redeem
from fakes.proofs import proof
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT, ODOO_CLIENT, ROBOT, SERVICE_CLIENT
from fakes.signing_keys import signing_key
from fakes.wire import basic, error_of, fragment_of, token_request, tokens_of
from jwt import decode
from protocol.entities.resource import Resource
from protocol.grants.token_exchange import ACCESS_TOKEN_TYPE, GRANT_TYPE
from protocol.jose.keys import SigningKey
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings
from protocol.subject import subject_of

FRONT = replace(CLIENT, grant_types=CLIENT.grant_types | {GRANT_TYPE})
MIDDLE = replace(
    SERVICE_CLIENT,
    id=11,
    client_identifier="middle",
    grant_types=frozenset({GRANT_TYPE, "client_credentials"}),
    exchange_client_ids=frozenset({FRONT.id}),
    exchange_audiences=frozenset({"back"}),
)
BACK = replace(
    MIDDLE,
    id=12,
    client_identifier="back",
    exchange_client_ids=frozenset({MIDDLE.id}),
    exchange_audiences=frozenset({"deep"}),
)
STRANGER = replace(MIDDLE, id=13, client_identifier="stranger", exchange_client_ids=frozenset())


@pytest.fixture
def provider() -> Provider:
    return Provider(FRONT, MIDDLE, BACK, STRANGER)


@pytest.fixture
def alices(provider: Provider) -> str:
    """An access token of Alice at the front application."""
    return str(provider.get_tokens()["access_token"])


def exchange(
    provider: Provider,
    token: str,
    client: str = "middle",
    *,
    key: SigningKey | None = None,
    **changes: str,
) -> Response:
    """``key``: that of the service which exchanges, proven by DPoP."""
    form = {
        "grant_type": GRANT_TYPE,
        "subject_token": token,
        "subject_token_type": ACCESS_TOKEN_TYPE,
    } | changes
    headers = basic(client)
    if key is not None:
        headers["dpop"] = proof("POST", TOKEN_ADDRESS, provider.clock.now(), key=key)
    return provider.post_token(form, headers=headers, path="/oauth2/token")


def introspect(provider: Provider, token: str, client: str = "middle") -> dict[str, Any]:
    request = Request("POST", form=Parameters((("token", token),)), mimetype=FORM)
    response = provider.server.handle("introspection", replace(request, headers=basic(client)))
    return dict(response.json or {})


def robots(provider: Provider, client: str = "middle") -> str:
    """An access token of the service user of a client."""
    form = {"grant_type": "client_credentials"}
    return str(tokens_of(provider.post_token(form, headers=basic(client)))["access_token"])


def test_a_token_for_another_service(provider: Provider, alices: str) -> None:
    answer = tokens_of(exchange(provider, alices, audience="back"))
    assert answer["issued_token_type"] == ACCESS_TOKEN_TYPE
    assert answer["scope"] == "email"
    assert not answer.keys() & {"refresh_token", "id_token"}
    described = introspect(provider, answer["access_token"])
    assert described["sub"] == ALICE.public_subject
    assert (described["client_id"], described["aud"]) == ("middle", "back")
    assert described["act"] == {"sub": "middle"}
    told = [e for e in provider.store.events if e.event_type == "token_exchanged"]
    assert [(e.user_id, e.detail) for e in told] == [(ALICE.id, "token of web for back")]
    last = provider.store.events[-1]
    assert (last.event_type, last.user_id) == ("token_issued", ALICE.id)


def test_the_event_tells_for_whom(provider: Provider, alices: str) -> None:
    api = Resource("https://api.example.com", scope=frozenset({"email"}))
    provider.resources.resources.append(api)
    exchange(provider, alices)
    exchange(provider, alices, resource=api.identifier, audience="back")
    told = [e.detail for e in provider.store.events if e.event_type == "token_exchanged"]
    assert told == ["token of web for us", "token of web for https://api.example.com back"]


def test_it_goes_back_to_the_same_login(provider: Provider) -> None:
    provider.log_in(auth_time=provider.clock.now() - 50, amr=("pwd", "otp", "mfa"))
    token = str(provider.get_tokens()["access_token"])
    provider.store.authorizations[1] = replace(provider.store.authorizations[1], acr="mfa")
    exchange(provider, token)
    first, second = provider.store.authorizations.values()
    for name in ("auth_time", "amr", "acr"):
        assert getattr(second, name) == getattr(first, name)


def test_u09_an_actor_has_the_subject_that_its_client_sees() -> None:
    pairwise = replace(MIDDLE, sector_identifier="middle.example.com")
    settings = Settings(ISSUER, pairwise_salt="salt")
    provider = Provider(FRONT, pairwise, settings=settings)
    token = str(provider.get_tokens()["access_token"])
    answer = exchange(
        provider, token, actor_token=robots(provider), actor_token_type=ACCESS_TOKEN_TYPE
    )
    act = introspect(provider, tokens_of(answer)["access_token"])["act"]
    assert act["sub"] == subject_of(settings, ROBOT, pairwise) != ROBOT.public_subject


def test_g10_delegation_names_every_actor(provider: Provider, alices: str) -> None:
    first = exchange(
        provider,
        alices,
        actor_token=robots(provider),
        actor_token_type=ACCESS_TOKEN_TYPE,
    )
    token = tokens_of(first)["access_token"]
    by_robot = {"sub": ROBOT.public_subject, "client_id": "middle"}
    assert introspect(provider, token)["act"] == by_robot
    token = tokens_of(exchange(provider, token, "back"))["access_token"]
    assert introspect(provider, token, "back")["act"] == {"sub": "back", "act": by_robot}


def test_g10_impersonation_adds_nobody_and_drops_nobody(provider: Provider, alices: str) -> None:
    provider.change_client(MIDDLE.id, may_impersonate=True)
    provider.change_client(BACK.id, may_impersonate=True)
    token = tokens_of(exchange(provider, alices))["access_token"]
    assert "act" not in introspect(provider, token)
    provider.change_client(MIDDLE.id, may_impersonate=False)
    token = tokens_of(exchange(provider, alices, may_act="no", act="{}"))["access_token"]
    token = tokens_of(exchange(provider, token, "back"))["access_token"]
    assert introspect(provider, token, "back")["act"] == {"sub": "middle"}


def test_g10_the_chain_is_in_jwt_access_tokens(provider: Provider, alices: str) -> None:
    provider.change_client(MIDDLE.id, access_token_format="jwt")
    token = tokens_of(exchange(provider, alices, audience="back"))["access_token"]
    claims = decode(token, options={"verify_signature": False})
    assert (claims["act"], claims["aud"]) == ({"sub": "middle"}, "back")
    token = tokens_of(exchange(provider, token, "back"))["access_token"]
    described = introspect(provider, token, "back")
    assert described["act"] == {"sub": "back", "act": {"sub": "middle"}}


def test_g10_chains_are_bounded(provider: Provider, alices: str) -> None:
    provider.change_client(MIDDLE.id, exchange_client_ids=frozenset({FRONT.id, MIDDLE.id}))
    token = alices
    for _actor in range(5):
        token = tokens_of(exchange(provider, token))["access_token"]
    assert error_of(exchange(provider, token)) == "invalid_request"


def test_g09_only_trusted_applications(provider: Provider, alices: str) -> None:
    assert error_of(exchange(provider, alices, "stranger")) == "invalid_request"
    assert error_of(exchange(provider, alices, "back")) == "invalid_request"
    assert exchange(provider, alices, "web").status == 200


def test_g09_dead_tokens(provider: Provider, alices: str) -> None:
    assert error_of(exchange(provider, "o2a_unknown")) == "invalid_request"
    assert provider.store.events[-1].detail == "invalid_request: unknown access token"
    refresh = provider.get_tokens()["refresh_token"]
    assert error_of(exchange(provider, refresh)) == "invalid_request"
    provider.store.revocations.append((1, "user", provider.clock.now()))
    assert error_of(exchange(provider, alices)) == "invalid_request"


def test_g09_expired(provider: Provider, alices: str) -> None:
    provider.clock.advance(3600)
    assert error_of(exchange(provider, alices)) == "invalid_request"


def test_g09_a_token_that_is_bound_to_a_key_never_becomes_one_that_is_not(
    provider: Provider,
) -> None:
    bound = tokens_of(redeem(provider, provider.get_code()))["access_token"]
    assert error_of(exchange(provider, bound)) == "invalid_request"
    detail = "invalid_request: the access token is bound to a key, so the new one must be, too"
    assert provider.store.events[-1].detail == detail
    key = signing_key("EdDSA")
    answer = tokens_of(exchange(provider, bound, key=key))
    assert answer["token_type"] == "DPoP"
    described = introspect(provider, answer["access_token"])
    assert described["cnf"] == {"jkt": key.public.kid}


def test_g09_a_bound_actor_token(provider: Provider, alices: str) -> None:
    """It is as much worth in the hands of a thief as the other one."""
    form = {"grant_type": "client_credentials"}
    headers = basic("middle") | {"dpop": proof("POST", TOKEN_ADDRESS, provider.clock.now())}
    response = provider.post_token(form, headers=headers, path="/oauth2/token")
    actor = {
        "actor_token": tokens_of(response)["access_token"],
        "actor_token_type": ACCESS_TOKEN_TYPE,
    }
    assert error_of(exchange(provider, alices, **actor)) == "invalid_request"
    assert exchange(provider, alices, key=signing_key("EdDSA"), **actor).status == 200


def test_g09_a_token_for_userinfo_alone() -> None:
    """A stock Odoo passes its tokens around in addresses, so they open one address and lead no further."""
    middle = replace(MIDDLE, exchange_client_ids=frozenset({ODOO_CLIENT.id}))
    provider = Provider(ODOO_CLIENT, middle)
    token = fragment_of(provider.agree(token_request()))["access_token"]
    assert error_of(exchange(provider, token, scope="email")) == "invalid_request"
    detail = "invalid_request: a token of the login for another Odoo is for UserInfo alone"
    assert provider.store.events[-1].detail == detail


@pytest.mark.parametrize("scope", ["email profile", "openid", "offline_access", "email admin"])
def test_g09_wider_scope(provider: Provider, alices: str, scope: str) -> None:
    assert error_of(exchange(provider, alices, scope=scope)) == "invalid_scope"


@pytest.mark.parametrize("name", ["audience", "resource"])
@pytest.mark.parametrize("value", ["deep", "https://api.example.com", "web"])
def test_g09_unknown_target(provider: Provider, alices: str, name: str, value: str) -> None:
    assert error_of(exchange(provider, alices, **{name: value})) == "invalid_target"


@pytest.mark.parametrize(
    "changes",
    [
        {"subject_token": ""},
        {"subject_token_type": ""},
        {"subject_token_type": "urn:ietf:params:oauth:token-type:id_token"},
        {"subject_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"},
        {"actor_token": "o2a_x"},
        {"actor_token_type": ACCESS_TOKEN_TYPE},
        {"actor_token": "o2a_x", "actor_token_type": ACCESS_TOKEN_TYPE},
        {"actor_token": "x", "actor_token_type": "urn:ietf:params:oauth:token-type:jwt"},
    ],
    ids=str,
)
def test_g09_malformed(provider: Provider, alices: str, changes: dict[str, str]) -> None:
    response = exchange(provider, alices, **changes)
    assert (response.status, error_of(response)) == (400, "invalid_request")


def test_g09_an_actor_token_of_another_client(provider: Provider, alices: str) -> None:
    response = exchange(
        provider, alices, actor_token=robots(provider, "back"), actor_token_type=ACCESS_TOKEN_TYPE
    )
    assert error_of(response) == "invalid_request"


def test_g09_an_actor_token_of_another_type(provider: Provider, alices: str) -> None:
    type_ = "urn:ietf:params:oauth:token-type:jwt"
    response = exchange(provider, alices, actor_token=robots(provider), actor_token_type=type_)
    assert error_of(response) == "invalid_request"


def test_resources_and_details(provider: Provider, alices: str) -> None:
    api = Resource("https://api.example.com", scope=frozenset({"email"}))
    provider.resources.resources.append(api)
    token = tokens_of(exchange(provider, alices, resource=api.identifier, audience="back"))
    described = introspect(provider, token["access_token"], "back")
    assert described["aud"] == [api.identifier, "back"]
    provider.resources.resources[0] = replace(api, client_ids=frozenset({FRONT.id}))
    assert error_of(exchange(provider, alices, resource=api.identifier)) == "invalid_target"
    refused = exchange(provider, alices, authorization_details="[]")
    assert error_of(refused) == "invalid_authorization_details"


def test_it_ends_with_the_token_that_was_shown(provider: Provider, alices: str) -> None:
    provider.clock.advance(3000)
    answer = tokens_of(exchange(provider, alices))
    assert answer["expires_in"] == 600


def test_it_dies_with_the_authorization_that_it_goes_back_to(
    provider: Provider, alices: str
) -> None:
    first = tokens_of(exchange(provider, alices))["access_token"]
    second = tokens_of(exchange(provider, first, "back"))["access_token"]
    assert introspect(provider, second, "back")["active"]
    provider.store.revocations.append((1, "user", provider.clock.now()))
    assert introspect(provider, first) == {"active": False}
    assert introspect(provider, second, "back") == {"active": False}


def test_it_dies_with_each_that_was_shown_before(provider: Provider, alices: str) -> None:
    first = tokens_of(exchange(provider, alices))["access_token"]
    second = tokens_of(exchange(provider, first, "back"))["access_token"]
    provider.store.revocations.append((2, "user", provider.clock.now()))
    assert introspect(provider, second, "back") == {"active": False}
    assert introspect(provider, alices, "web")["active"]


def test_u04_policy_of_the_new_client(provider: Provider, alices: str) -> None:
    provider.change_client(MIDDLE.id, group_ids=frozenset({5}))
    assert error_of(exchange(provider, alices)) == "invalid_grant"
    provider.change_client(MIDDLE.id, group_ids=frozenset(), internal_users_only=True)
    provider.change_user(is_internal=False)
    assert error_of(exchange(provider, alices)) == "invalid_grant"


@pytest.mark.parametrize(
    "changes", [{"group_ids": frozenset({5})}, {"internal_users_only": True}], ids=str
)
def test_u04_policy_of_each_client_on_the_way(provider: Provider, changes: dict[str, Any]) -> None:
    provider.directory.groups[ALICE.id] = {5}
    provider.change_client(FRONT.id, **changes)
    first = str(provider.get_tokens()["access_token"])
    second = tokens_of(exchange(provider, first))["access_token"]
    third = tokens_of(exchange(provider, second, "back"))["access_token"]
    assert introspect(provider, third, "back")["active"]
    provider.directory.groups[ALICE.id].clear()
    provider.change_user(is_internal=False)
    assert introspect(provider, first, "web") == {"active": False}
    assert introspect(provider, second) == {"active": False}
    assert introspect(provider, third, "back") == {"active": False}
    assert error_of(exchange(provider, second, "back")) == "invalid_request"


def test_u04_an_archived_client_on_the_way(provider: Provider, alices: str) -> None:
    token = tokens_of(exchange(provider, alices))["access_token"]
    provider.store.archived_clients.add(FRONT.id)
    assert introspect(provider, token) == {"active": False}


def test_l10_the_epoch_of_each_client_on_the_way(provider: Provider, alices: str) -> None:
    """As whoever ends all of a client leaves what they could not see yet: dead by its epoch, without a row."""
    first = tokens_of(exchange(provider, alices))["access_token"]
    second = tokens_of(exchange(provider, first, "back"))["access_token"]
    assert introspect(provider, second, "back")["active"]
    provider.change_client(FRONT.id, epoch=FRONT.epoch + 1)
    assert introspect(provider, first) == {"active": False}
    assert introspect(provider, second, "back") == {"active": False}


def test_l09_a_logout_that_could_not_see_it_yet(provider: Provider, alices: str) -> None:
    token = tokens_of(exchange(provider, alices))["access_token"]
    provider.store.access_ended[1] = provider.clock.now()
    assert introspect(provider, token) == {"active": False}


def test_public_clients_never(provider: Provider, alices: str) -> None:
    provider.change_client(MIDDLE.id, token_endpoint_auth_method="none")
    form = {"grant_type": GRANT_TYPE, "client_id": "middle", "subject_token": alices}
    assert error_of(provider.post_token(form, headers={})) == "unauthorized_client"


def test_a_stronger_login_cannot_be_exchanged_for(provider: Provider, alices: str) -> None:
    """The level that an administrator holds the new client to counts for what stands behind the old token."""
    provider.change_client(MIDDLE.id, required_acr="mfa")
    assert error_of(exchange(provider, alices)) == "invalid_grant"
    provider.log_in(auth_time=provider.clock.now(), amr=("pwd", "otp", "mfa"))
    strong = str(provider.get_tokens()["access_token"])
    assert "access_token" in tokens_of(exchange(provider, strong))
