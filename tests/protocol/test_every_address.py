"""What holds at every address: the method, the form, the checks of an authorization request wherever it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from fakes.openid import OPENID_CLIENT
from fakes.provider import Provider
from fakes.registrations_store import OpenProvider
from fakes.wire import basic, code_request, error_of
from protocol.messages import Parameters, Request, Response
from protocol.request_checks import FORM
from protocol.security_profiles import PROFILES

FROM_CLIENTS = (
    *("token", "revocation", "introspection", "pushed_authorization_request"),
    "device_authorization",
)


@pytest.mark.parametrize("endpoint", OpenProvider().server.parts.endpoints)
def test_a_strange_method(endpoint: str) -> None:
    response = OpenProvider().server.handle(endpoint, Request("PATCH"))
    assert response.status == 405
    assert dict(response.headers)["Allow"]


def from_client(**parts: object) -> Request:
    request = Request(
        "POST",
        form=Parameters((("token", "x"), ("scope", "openid"))),
        headers=basic(),
        mimetype=FORM,
    )
    return replace(request, **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("endpoint", FROM_CLIENTS)
@pytest.mark.parametrize("mimetype", ["application/json", "multipart/form-data", ""])
def test_c11_c12_a_body_that_is_no_form(provider: Provider, endpoint: str, mimetype: str) -> None:
    response = provider.server.handle(endpoint, from_client(mimetype=mimetype))
    assert (response.status, error_of(response)) == (415, "invalid_request")


@pytest.mark.parametrize("endpoint", FROM_CLIENTS)
def test_c11_parameters_in_the_address(provider: Provider, endpoint: str) -> None:
    request = from_client(query=Parameters((("token", "x"),)))
    response = provider.server.handle(endpoint, request)
    assert (response.status, error_of(response)) == (400, "invalid_request")
    assert response.json is not None
    assert "address" in response.json["error_description"]


@pytest.mark.parametrize("endpoint", FROM_CLIENTS)
def test_c12_r21_parameters_that_come_twice(provider: Provider, endpoint: str) -> None:
    form = Parameters((("token", "x"), ("token", "x"), ("scope", "openid")))
    response = provider.server.handle(endpoint, from_client(form=form))
    assert (response.status, error_of(response)) == (400, "invalid_request")
    assert response.json is not None
    assert "more than once" in response.json["error_description"]


# An authorization request, wherever it is read


CLIENT = replace(
    OPENID_CLIENT,
    response_types=PROFILES["oidc"].response_types,
    redirect_uris=("https://app.example.com/cb",),
)
Way = Callable[[Provider, dict[str, str]], Response]


def asked(provider: Provider, parameters: dict[str, str]) -> Response:
    return provider.ask(parameters)


def pushed(provider: Provider, parameters: dict[str, str]) -> Response:
    return provider.push(parameters)


def kept(provider: Provider, parameters: dict[str, str]) -> str:
    """The handle of a request that is no longer what was checked when it came."""
    handle = provider.start(code_request())
    (stored,) = provider.store.requests.values()
    provider.store.requests[stored.handle_hash] = replace(
        stored, parameters=Parameters.of(parameters.items())
    )
    return handle


def continued(provider: Provider, parameters: dict[str, str]) -> Response:
    return provider.go_on(kept(provider, parameters))


def consented(provider: Provider, parameters: dict[str, str]) -> Response:
    return provider.decide(kept(provider, parameters))


def account_chosen(provider: Provider, parameters: dict[str, str]) -> Response:
    form = Parameters((("rid", kept(provider, parameters)), ("account", "same")))
    request = Request("POST", form=form, cookies=dict(provider.cookies))
    return provider.server.handle("account", request)


AGAIN: tuple[Way, ...] = (continued, consented, account_chosen)
WRONG = [
    ({"redirect_uri": "https://evil.example/cb"}, "invalid_request"),
    ({"response_type": "code magic"}, "unsupported_response_type"),
    ({"response_mode": "pigeon"}, "invalid_request"),
    ({"registration": "{}"}, "registration_not_supported"),
    ({"scope": "openid admin"}, "invalid_scope"),
    ({"nonce": "n" * 2001}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"dpop_jkt": "short"}, "invalid_request"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"claims": "{"}, "invalid_request"),
    ({"resource": "relative"}, "invalid_target"),
    ({"prompt": "none", "id_token_hint": "forged"}, "login_required"),
]


@pytest.mark.parametrize("way", [asked, pushed, *AGAIN])
@pytest.mark.parametrize(("changes", "error"), WRONG, ids=lambda value: str(value)[:40])
def test_q02_what_is_wrong_is_refused_wherever_it_is_read(
    way: Way, changes: dict[str, str], error: str
) -> None:
    provider = Provider(CLIENT)
    provider.log_in()
    assert error_of(way(provider, code_request(**changes))) == error
    assert not provider.store.authorizations


@pytest.mark.parametrize("endpoint", ["continue", "consent", "account"])
def test_x10_a_client_that_must_push_from_now_on(endpoint: str) -> None:
    provider = Provider(CLIENT)
    provider.log_in()
    sent = Parameters(
        (("rid", provider.start(code_request())), ("consent", "allow"), ("account", "same"))
    )
    provider.change_client(require_pushed_authorization_requests=True)
    request = Request("POST", form=sent, cookies=dict(provider.cookies))
    if endpoint == "continue":
        request = replace(request, method="GET", query=sent)
    assert error_of(provider.server.handle(endpoint, request)) == "invalid_request"
    assert not provider.store.authorizations
