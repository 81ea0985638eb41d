"""What devices may ask for beyond scopes: resources and details (RFC 8707, RFC 9396, RFC 8628 §3.1)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import ISSUER, Provider
from fakes.registrations import CLIENT
from fakes.wire import basic, error_of, pairs, tokens_of
from protocol.entities.resource import AuthorizationDetailsType, Resource
from protocol.grants.device_code import GRANT_TYPE
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.settings import Settings

TELEVISION = replace(CLIENT, redirect_uris=(), grant_types=frozenset({GRANT_TYPE, "refresh_token"}))
FILMS = Resource("https://films.example", "Films", frozenset({"email"}))
MUSIC = Resource("https://music.example", "Music")
PRIVATE = Resource("https://private.example", "Private", client_ids=frozenset({99}))
RENTAL = {"type": "rental", "actions": ["watch"]}


@pytest.fixture
def provider() -> Provider:
    settings = Settings(issuer=ISSUER, authorization_details_types=("rental",))
    provider = Provider(TELEVISION, settings=settings)
    provider.resources.resources += [FILMS, MUSIC, PRIVATE]
    provider.resources.types.append(AuthorizationDetailsType("rental", FILMS))
    provider.log_in()
    return provider


def start(provider: Provider, *resources: str, **form: str) -> Response:
    sent = [
        *({"scope": "openid email"} | form).items(),
        *(("resource", value) for value in resources),
    ]
    request = Request("POST", form=Parameters.of(sent), headers=basic(), mimetype=FORM)
    return provider.server.handle("device_authorization", request)


def ask_person(provider: Provider, started: Response, decision: str = "") -> Response:
    assert started.json is not None, started
    form = Parameters((("user_code", started.json["user_code"]), ("consent", decision)))
    return provider.server.handle("device_decision", Request("POST", form=form))


def poll(provider: Provider, started: Response, *resources: str, **form: str) -> Response:
    assert started.json is not None
    sent = {"grant_type": GRANT_TYPE, "device_code": started.json["device_code"], **form}
    return provider.post_token([*pairs(sent), *(("resource", value) for value in resources)])


def audience(provider: Provider, tokens: dict[str, Any]) -> object:
    form = Parameters((("token", tokens["access_token"]),))
    request = Request("POST", form=form, headers=basic(), mimetype=FORM)
    description = provider.server.handle("introspection", request).json
    assert description is not None
    return description["aud"]


def test_a_token_for_the_resources_that_the_person_saw(provider: Provider) -> None:
    started = start(provider, FILMS.identifier, MUSIC.identifier)
    page = ask_person(provider, started).page
    assert page is not None
    assert page.values["resources"] == (FILMS, MUSIC)
    ask_person(provider, started, "allow")
    tokens = tokens_of(poll(provider, started))
    assert audience(provider, tokens) == [FILMS.identifier, MUSIC.identifier]
    # Renewing keeps to it.
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    assert audience(provider, renewed) == [FILMS.identifier, MUSIC.identifier]


def test_a_token_for_one_of_them(provider: Provider) -> None:
    started = start(provider, FILMS.identifier, MUSIC.identifier)
    ask_person(provider, started, "allow")
    tokens = tokens_of(poll(provider, started, FILMS.identifier))
    assert audience(provider, tokens) == FILMS.identifier
    assert tokens["scope"] == "email"


def test_q27_a_resource_that_was_not_granted(provider: Provider) -> None:
    """The refusal costs the device nothing: its code is still there."""
    started = start(provider, FILMS.identifier)
    ask_person(provider, started, "allow")
    assert error_of(poll(provider, started, MUSIC.identifier)) == "invalid_target"
    assert not provider.store.tokens
    assert audience(provider, tokens_of(poll(provider, started))) == FILMS.identifier


def test_without_a_resource_it_is_for_this_server(provider: Provider) -> None:
    started = start(provider)
    ask_person(provider, started, "allow")
    assert audience(provider, tokens_of(poll(provider, started))) == ISSUER


@pytest.mark.parametrize(
    "resource",
    ["https://unknown.example", PRIVATE.identifier, "films", "https://films.example#x"],
)
def test_q26_resources_that_are_not_for_this_device(provider: Provider, resource: str) -> None:
    assert error_of(start(provider, resource)) == "invalid_target"
    assert not provider.device_codes.new


def test_a_resource_that_was_closed_meanwhile(provider: Provider) -> None:
    started = start(provider, FILMS.identifier)
    provider.resources.resources.remove(FILMS)
    assert error_of(ask_person(provider, started)) == "invalid_target"


def test_details(provider: Provider) -> None:
    started = start(provider, authorization_details=json.dumps([RENTAL]))
    page = ask_person(provider, started).page
    assert page is not None
    assert page.values["authorization_details"] == (RENTAL,)
    ask_person(provider, started, "allow")
    other = json.dumps([{"type": "rental", "actions": ["keep"]}])
    refused = poll(provider, started, authorization_details=other)
    assert error_of(refused) == "invalid_authorization_details"
    tokens = tokens_of(poll(provider, started))
    assert tokens["authorization_details"] == [RENTAL]
    assert audience(provider, tokens) == FILMS.identifier


@pytest.mark.parametrize("details", ["[]", "x", '[{"type": "unheard-of"}]'])
def test_details_that_are_refused(provider: Provider, details: str) -> None:
    started = start(provider, authorization_details=details)
    assert error_of(started) == "invalid_authorization_details"
