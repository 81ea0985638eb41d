"""Pushed authorization requests (RFC 9126)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.provider import Provider
from fakes.registrations import CLIENT, NATIVE_CLIENT
from fakes.wire import Pairs, code_exchange, code_request, error_of, pairs, query_of, tokens_of
from protocol.entities.client import Client
from protocol.messages import Response
from protocol.security_profiles import PROFILES
from protocol.settings import Settings

OTHER = replace(CLIENT, id=9, client_identifier="other")


def pushed_uri(provider: Provider, parameters: Pairs | None = None) -> str:
    response = provider.push(parameters or code_request())
    assert response.status == 201, response
    assert response.json is not None
    assert response.json["expires_in"] == 60
    return str(response.json["request_uri"])


def visit(provider: Provider, request_uri: str, **changes: str) -> Response:
    return provider.ask({"client_id": "web", "request_uri": request_uri} | changes)


def arrive(provider: Provider, request_uri: str) -> str:
    """An accepted visit: the handle of the browser's own request."""
    response = visit(provider, request_uri)
    assert response.page is None, response
    return query_of(response)["rid"]


@pytest.fixture
def provider() -> Provider:
    provider = Provider(CLIENT, OTHER)
    provider.log_in()
    return provider


def test_a_whole_flow(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    assert request_uri.startswith("urn:ietf:params:oauth:request_uri:o2p_")
    answer = query_of(provider.decide(arrive(provider, request_uri)))
    assert answer["state"] == "st"
    assert tokens_of(provider.post_token(code_exchange(answer["code"])))["scope"] == "openid email"


def test_only_a_hash_is_stored_and_no_credential(provider: Provider) -> None:
    form = code_request(client_secret="a-client-secret", client_assertion="")
    response = provider.push(form, headers={})
    assert response.json is not None
    handle = response.json["request_uri"].rpartition(":")[2]
    (stored,) = provider.store.requests.values()
    assert handle not in repr(stored)
    assert "a-client-secret" not in repr(stored)
    assert stored.parameters.names() == frozenset(code_request())


def test_client_id_may_be_left_to_the_authentication(provider: Provider) -> None:
    parameters = code_request()
    del parameters["client_id"]
    assert "code" in query_of(provider.decide(arrive(provider, pushed_uri(provider, parameters))))


def test_what_the_browser_sends_beside_it_does_not_count(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    response = visit(
        provider, request_uri, scope="openid", state="forged", redirect_uri="https://x"
    )
    answer = query_of(provider.decide(query_of(response)["rid"]))
    assert answer["state"] == "st"
    assert tokens_of(provider.post_token(code_exchange(answer["code"])))["scope"] == "openid email"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": "https://evil.example/cb"}, "invalid_request"),
        ({"redirect_uri": ""}, "invalid_request"),
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"scope": "openid unheard-of"}, "invalid_scope"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"client_id": "other"}, "invalid_request"),
    ],
)
def test_everything_is_checked_at_once(
    provider: Provider, changes: dict[str, str], error: str
) -> None:
    response = provider.push(code_request(**changes))
    assert (response.status, error_of(response)) == (400, error)
    assert not provider.store.requests


def test_r21_repeats(provider: Provider) -> None:
    twice = [*pairs(code_request()), ("state", "again")]
    assert error_of(provider.push(twice)) == "invalid_request"
    resources = [("resource", "https://a.example"), ("resource", "https://b.example")]
    response = provider.push([*pairs(code_request()), *resources])
    assert response.status == 201 or error_of(response) == "invalid_target"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_x09_other_methods(provider: Provider, method: str) -> None:
    response = provider.push(code_request(), method=method)
    assert response.status == 405
    assert ("Allow", "POST") in response.headers


@pytest.mark.parametrize("parts", [{"headers": {}}, {"headers": {"authorization": "Basic eDp5"}}])
def test_client_authentication(provider: Provider, parts: dict[str, Any]) -> None:
    response = provider.push(code_request(client_id=""), **parts)
    assert (response.status, error_of(response)) == (401, "invalid_client")


def test_public_clients_push_too() -> None:
    provider = Provider(NATIVE_CLIENT)
    form = code_request(client_id="native", redirect_uri="http://127.0.0.1:5000/cb")
    assert provider.push(form, headers={}).status == 201


@pytest.mark.parametrize("request_uri", ["urn:ietf:params:oauth:request_uri:x", "https://a/b"])
def test_x09_no_reference_inside(provider: Provider, request_uri: str) -> None:
    response = provider.push(code_request(request_uri=request_uri))
    assert (response.status, error_of(response)) == (400, "invalid_request")


def test_x09_used_up_at_completion_not_at_the_visit(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    first, second = arrive(provider, request_uri), arrive(provider, request_uri)
    assert "code" in query_of(provider.decide(second))
    assert error_of(visit(provider, request_uri)) == "invalid_request_uri"
    response = provider.decide(first)
    assert response.page is not None
    assert response.page.name == "start_again"
    assert len(provider.store.codes) == 1


def test_x09_a_refusal_by_the_person_uses_it_up(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    assert error_of(provider.decide(arrive(provider, request_uri), "deny")) == "access_denied"
    assert error_of(visit(provider, request_uri)) == "invalid_request_uri"


def test_x09_a_login_may_take_longer_than_the_reference_lives(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    rid = arrive(provider, request_uri)
    provider.clock.advance(60)
    response = visit(provider, request_uri)
    assert response.page is not None
    assert error_of(response) == "invalid_request_uri"
    assert "code" in query_of(provider.decide(rid))


def test_x09_of_another_client_or_guessed(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    assert error_of(visit(provider, request_uri, client_id="other")) == "invalid_request_uri"
    for guess in (request_uri[:-1], request_uri + "A", "urn:ietf:params:oauth:request_uri:"):
        assert error_of(visit(provider, guess)) == "invalid_request_uri"


def test_c07_handles_of_other_kinds_are_no_references(provider: Provider) -> None:
    """What a browser holds cannot be used as what a client pushed, nor the other way round."""
    rid = provider.start(code_request())
    response = visit(provider, f"urn:ietf:params:oauth:request_uri:{rid}")
    assert error_of(response) == "invalid_request_uri"
    response = provider.go_on(pushed_uri(provider).rpartition(":")[2])
    assert response.page is not None
    assert response.page.name == "start_again"


def test_a_refused_reference_answers_to_a_registered_address_alone(provider: Provider) -> None:
    bad = "urn:ietf:params:oauth:request_uri:o2p_bad"
    to_client = visit(provider, bad, redirect_uri="https://app.example.com/cb", state="s")
    assert to_client.location is not None
    assert query_of(to_client)["error"] == "invalid_request_uri"
    assert query_of(to_client)["state"] == "s"
    assert visit(provider, bad, redirect_uri="https://evil.example/cb").page is not None
    assert visit(provider, bad).page is not None


@pytest.mark.parametrize("by_profile", [True, False])
def test_x10_clients_that_must_push(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, by_profile: bool
) -> None:
    started_before = provider.start(code_request())
    if by_profile:
        strict = replace(PROFILES["oauth21"], requires_par=True)
        monkeypatch.setitem(PROFILES, "oauth21", strict)
    else:
        provider.change_client(require_pushed_authorization_requests=True)
    refused = provider.ask(code_request())
    assert query_of(refused)["error"] == "invalid_request"
    assert provider.ask(code_request(redirect_uri="https://evil.example/cb")).page is not None
    assert error_of(provider.go_on(started_before)) == "invalid_request"
    assert "code" in query_of(provider.decide(arrive(provider, pushed_uri(provider))))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"redirect_uris": ("https://app.example.com/new",)}, "invalid_request"),
        ({"scope": frozenset({"openid"})}, "invalid_scope"),
    ],
)
def test_x11_checked_again_at_the_visit(
    provider: Provider, change: dict[str, Any], error: str
) -> None:
    request_uri = pushed_uri(provider)
    provider.change_client(**change)
    assert error_of(visit(provider, request_uri)) == error


def test_x11_client_disabled_meanwhile(provider: Provider) -> None:
    request_uri = pushed_uri(provider)
    rid = arrive(provider, request_uri)
    provider.store.archived_clients.add(CLIENT.id)
    for response in (visit(provider, request_uri), provider.decide(rid)):
        assert response.page is not None
        assert error_of(response) == "invalid_request"


def test_clients_may_choose_by_default() -> None:
    assert not Client(1, "x").require_pushed_authorization_requests


@pytest.mark.parametrize("lifetime", [4, 601])
def test_lifetime_of_a_reference(lifetime: int) -> None:
    with pytest.raises(ValueError, match="lifetime"):
        Settings("https://id.example.com", pushed_request_lifetime=lifetime).validate()
