"""Rich authorization requests (RFC 9396)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT
from fakes.wire import basic, code_exchange, code_request, error_of, query_of, tokens_of
from protocol.authorization_details import parse_authorization_details
from protocol.entities.resource import AuthorizationDetailsType, Resource
from protocol.jose.verify import verify
from protocol.messages import Parameters, Request
from protocol.request_checks import FORM
from protocol.settings import Settings

BANK = Resource("https://bank.example", "Bank")
PRIVATE_BANK = Resource("https://private.example", "Private bank", client_ids=frozenset({99}))
PAYMENT = {"type": "payment", "actions": ["initiate"], "amount": {"currency": "EUR", "value": "5"}}
ACCOUNT = {"type": "account", "locations": ["https://bank.example/"], "identifier": "NL1"}


@pytest.fixture
def provider() -> Provider:
    settings = Settings(issuer=ISSUER, authorization_details_types=("account", "payment", "vault"))
    provider = Provider(CLIENT, settings=settings)
    provider.resources.resources += [BANK, PRIVATE_BANK]
    provider.resources.types += [
        AuthorizationDetailsType("payment", BANK),
        AuthorizationDetailsType("account", BANK),
        AuthorizationDetailsType("vault", PRIVATE_BANK),
    ]
    provider.log_in()
    return provider


def request(details: object, **changes: str) -> dict[str, str]:
    return code_request(authorization_details=json.dumps(details), **changes)


def connect(provider: Provider, *details: object) -> dict[str, Any]:
    rid = query_of(provider.ask(request(list(details))))["rid"]
    return tokens_of(provider.post_token(code_exchange(query_of(provider.decide(rid))["code"])))


@pytest.mark.parametrize(
    "text",
    ["", "x", "{}", "[]", "[1]", "[{}]", '[{"type": 1}]', '[{"type": "a", "type": "b"}]',
     '[{"type": "a", "actions": "x"}]', '[{"type": "a", "locations": [1]}]',
     '[{"type": "a", "identifier": []}]', "[" * 5000, json.dumps([{"type": "a"}] * 21),
     json.dumps([{"type": "a" * 9000}]), '[{"type": "a", "n": NaN}]'],
)  # fmt: skip
def test_malformed(text: str) -> None:
    with pytest.raises(ValueError):
        parse_authorization_details(text)


@pytest.mark.parametrize(
    "details",
    [
        "nonsense",
        [{"type": "unknown"}],
        [{"type": "vault"}],
        [PAYMENT, {"type": "unknown"}],
        [{**PAYMENT, "locations": ["https://evil.example"]}],
    ],
)
def test_refused(provider: Provider, details: object) -> None:
    response = provider.ask(request(details))
    assert error_of(response) == "invalid_authorization_details"


def test_granted_details_come_back(provider: Provider) -> None:
    tokens = connect(provider, PAYMENT, ACCOUNT)
    assert tokens["authorization_details"] == [PAYMENT, ACCOUNT]
    form = Parameters((("token", tokens["access_token"]),))
    asked = Request("POST", form=form, headers=basic(), mimetype=FORM)
    members = provider.server.handle("introspection", asked).json
    assert members is not None
    assert members["authorization_details"] == [PAYMENT, ACCOUNT]
    assert members["aud"] == "https://bank.example", "the resource of their types"


def test_jwt_tokens_hold_them(provider: Provider) -> None:
    provider.change_client(access_token_format="jwt")
    token = connect(provider, PAYMENT)["access_token"]
    keys = provider.server.ports.signing_keys.published_keys()
    assert verify(token, keys, types=("at+jwt",))["authorization_details"] == [PAYMENT]


def test_a_token_request_may_ask_for_some_of_them(provider: Provider) -> None:
    tokens = connect(provider, PAYMENT, ACCOUNT)
    some = provider.refresh(tokens["refresh_token"], authorization_details=json.dumps([ACCOUNT]))
    some_tokens = tokens_of(some)
    assert some_tokens["authorization_details"] == [ACCOUNT]
    all_again = tokens_of(provider.refresh(some_tokens["refresh_token"]))
    assert all_again["authorization_details"] == [PAYMENT, ACCOUNT]


@pytest.mark.parametrize("text", [json.dumps([{**PAYMENT, "amount": {"value": "6"}}]), "x"])
def test_a_token_request_cannot_change_them(provider: Provider, text: str) -> None:
    tokens = connect(provider, PAYMENT)
    response = provider.refresh(tokens["refresh_token"], authorization_details=text)
    assert error_of(response) == "invalid_authorization_details"


def test_a_token_request_cannot_bring_the_first_ones(provider: Provider) -> None:
    code = query_of(provider.decide(query_of(provider.ask(code_request()))["rid"]))["code"]
    response = provider.post_token(
        code_exchange(code) | {"authorization_details": json.dumps([PAYMENT])}
    )
    assert error_of(response) == "invalid_authorization_details"


def test_the_person_is_asked_each_time(provider: Provider) -> None:
    connect(provider, PAYMENT)
    page = provider.go_on(query_of(provider.ask(request([PAYMENT])))["rid"]).page
    assert page is not None
    assert page.name == "consent"
    assert page.values["authorization_details"] == (PAYMENT,)
    provider.change_client(is_trusted=True)
    assert provider.go_on(query_of(provider.ask(request([PAYMENT])))["rid"]).page is None


def test_a_server_without_types_knows_no_such_parameter() -> None:
    provider = Provider(CLIENT)
    provider.log_in()
    tokens = connect(provider, PAYMENT)
    assert "authorization_details" not in tokens
    assert "access_token" in tokens_of(
        provider.refresh(tokens["refresh_token"], authorization_details=json.dumps([PAYMENT]))
    )


def test_discovery_names_the_types(provider: Provider) -> None:
    document = provider.server.handle(
        "discovery", Request("GET", path="/.well-known/openid-configuration")
    ).json
    assert document is not None
    assert document["authorization_details_types_supported"] == ["account", "payment", "vault"]
    plain = Provider(CLIENT).server.handle(
        "discovery", Request("GET", path="/.well-known/openid-configuration")
    )
    assert plain.json is not None
    assert "authorization_details_types_supported" not in plain.json


def test_services_share_an_authorization_for_the_same_details_alone() -> None:
    service = replace(
        CLIENT,
        grant_types=frozenset({"client_credentials"}),
        service_user_id=8,
        access_token_format="jwt",
    )
    provider = Provider(
        service, settings=Settings(issuer=ISSUER, authorization_details_types=("payment",))
    )
    provider.resources.types.append(AuthorizationDetailsType("payment", BANK))
    other = PAYMENT | {"actions": ["status"]}
    for details in (PAYMENT, dict(reversed(PAYMENT.items())), other, other):
        form = {"grant_type": "client_credentials", "authorization_details": json.dumps([details])}
        assert tokens_of(provider.post_token(form))["authorization_details"] == [details]
    stored = [new.authorization_details for new in provider.store.authorizations.values()]
    assert stored == [(PAYMENT,), (other,)]


def test_client_credentials(provider: Provider) -> None:
    service = replace(CLIENT, grant_types=frozenset({"client_credentials"}), service_user_id=8)
    provider.store.clients[1] = service
    form = {"grant_type": "client_credentials", "authorization_details": json.dumps([PAYMENT])}
    assert tokens_of(provider.post_token(form))["authorization_details"] == [PAYMENT]
    form["authorization_details"] = json.dumps([{"type": "vault"}])
    assert error_of(provider.post_token(form)) == "invalid_authorization_details"
