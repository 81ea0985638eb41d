"""Introspection by resource servers, plainly and signed (RFC 7662, RFC 9701)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from fakes.registrations import ALICE, CLIENT
from fakes.wire import basic, code_exchange, code_request, pairs, query_of, tokens_of
from protocol.entities.resource import Resource
from protocol.jose.verify import InvalidToken, verify
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings

JWT = "application/token-introspection+jwt"
ORDERS = "https://orders.example"
SERVER = replace(
    CLIENT,
    id=9,
    client_identifier="orders-api",
    grant_types=frozenset(),
    served_resources=frozenset({ORDERS}),
)
STRANGER = replace(SERVER, id=10, client_identifier="stranger", served_resources=frozenset())


@pytest.fixture
def provider() -> Provider:
    settings = Settings(issuer=ISSUER, has_resource_servers=True)
    provider = Provider(CLIENT, SERVER, STRANGER, settings=settings)
    provider.resources.resources.append(Resource(ORDERS, "Orders"))
    provider.log_in(auth_time=provider.clock.now() - 5, amr=("pwd",))
    return provider


def connect(provider: Provider, *resources: str) -> dict[str, Any]:
    sent = [*pairs(code_request()), *(("resource", value) for value in resources)]
    code = query_of(provider.decide(query_of(provider.ask(sent))["rid"]))["code"]
    return tokens_of(provider.post_token(code_exchange(code)))


def introspect(
    provider: Provider, token: str, client: str = "orders-api", accept: str = "application/json"
) -> Response:
    request = Request(
        "POST",
        form=Parameters((("token", token),)),
        headers=basic(client) | {"accept": accept},
        mimetype=FORM,
    )
    return provider.server.handle("introspection", request)


def test_l09_a_logout_ends_the_access_tokens_of_what_stays(provider: Provider) -> None:
    provider.change_client(grant_types=CLIENT.grant_types | {"refresh_token"})
    tokens = connect(provider)
    for moment, is_active in ((-1, True), (0, False)):
        provider.store.access_ended[1] = provider.clock.now() + moment
        answer = introspect(provider, tokens["access_token"], "web")
        assert members(answer)["active"] is is_active
    assert members(introspect(provider, tokens["refresh_token"], "web"))["active"]


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_u04_who_leaves_the_group(provider: Provider, kind: str) -> None:
    """Clients without groups pay for no look-up of theirs."""
    provider.change_client(grant_types=CLIENT.grant_types | {"refresh_token"})
    token = connect(provider)[kind]
    assert members(introspect(provider, token, "web"))["active"]
    provider.change_client(group_ids=frozenset({5}))
    assert members(introspect(provider, token, "web")) == {"active": False}
    provider.directory.groups[ALICE.id].add(5)
    assert members(introspect(provider, token, "web"))["active"]


def members(response: Response) -> Mapping[str, Any]:
    assert response.json is not None
    return response.json


def test_t09_a_resource_server_may_know_tokens_meant_for_it(provider: Provider) -> None:
    token = connect(provider, ORDERS)["access_token"]
    found = members(introspect(provider, token))
    assert found["active"] is True
    assert found["aud"] == ORDERS
    assert found["client_id"] == "web"
    # RFC 9470 §6.2
    assert found["auth_time"] == provider.clock.now() - 5
    assert found["amr"] == ["pwd"]


def test_t09_also_by_its_own_name_where_a_token_was_exchanged_for_it(provider: Provider) -> None:
    token = connect(provider)["access_token"]
    (stored,) = [one for one in provider.store.tokens.values() if one.new.kind == "access"]
    stored.new = replace(stored.new, audience=("stranger",))
    assert members(introspect(provider, token, "stranger"))["active"] is True
    assert members(introspect(provider, token)) == {"active": False}


@pytest.mark.parametrize("audience", [(), (ISSUER,)])
def test_t09_but_no_others(provider: Provider, audience: tuple[str, ...]) -> None:
    token = connect(provider, *audience)["access_token"]
    assert members(introspect(provider, token)) == {"active": False}


def test_a_client_may_know_its_own_refresh_token(provider: Provider) -> None:
    found = members(introspect(provider, connect(provider)["refresh_token"], "web"))
    assert found["active"] is True
    assert found["client_id"] == "web"
    assert not {"aud", "token_type", "auth_time"} & found.keys()


def test_t10_nor_may_a_stranger_know_anything(provider: Provider) -> None:
    tokens = connect(provider, ORDERS)
    for kind in ("access_token", "refresh_token"):
        assert members(introspect(provider, tokens[kind], "stranger")) == {"active": False}
    assert members(introspect(provider, tokens["refresh_token"])) == {"active": False}


def test_t11_dead_at_once(provider: Provider) -> None:
    token = connect(provider, ORDERS)["access_token"]
    provider.store.revocations.append((1, "user", provider.clock.now()))
    assert members(introspect(provider, token)) == {"active": False}


def test_rfc9701_signed_answer(provider: Provider) -> None:
    token = connect(provider, ORDERS)["access_token"]
    response = introspect(provider, token, accept=JWT)
    assert response.jwt is not None
    assert response.jwt_type == JWT
    keys = provider.server.ports.signing_keys.published_keys()
    claims = verify(response.jwt, keys, types=("token-introspection+jwt",))
    assert claims == {
        "iss": ISSUER,
        "aud": "orders-api",
        "iat": provider.clock.now(),
        "token_introspection": members(introspect(provider, token)),
    }


def test_rfc9701_says_no_as_plainly(provider: Provider) -> None:
    response = introspect(provider, "o2a_unknown", accept=f"application/json;q=0.5, {JWT}")
    assert response.jwt is not None
    keys = provider.server.ports.signing_keys.published_keys()
    claims = verify(response.jwt, keys, types=("token-introspection+jwt",))
    assert claims["token_introspection"] == {"active": False}


def test_t05_a_signed_answer_is_no_access_token(provider: Provider) -> None:
    token = connect(provider)["access_token"]
    jwt = introspect(provider, token, "web", JWT).jwt
    assert jwt is not None
    assert provider.get("userinfo", jwt).status == 401
    with pytest.raises(InvalidToken):
        verify(jwt, provider.server.ports.signing_keys.published_keys())


def test_without_resource_servers_there_are_no_signed_answers() -> None:
    provider = Provider(CLIENT)
    token = provider.get_tokens()["access_token"]
    assert introspect(provider, token, "web", JWT).jwt is None


def test_jwt_access_tokens_are_known_to_their_resource_server(provider: Provider) -> None:
    provider.change_client(access_token_format="jwt")
    token = connect(provider, ORDERS)["access_token"]
    assert members(introspect(provider, token))["active"] is True
    assert members(introspect(provider, token, "stranger")) == {"active": False}
