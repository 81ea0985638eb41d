"""session_state and the cookie behind it (OpenID Connect Session Management 1.0)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from fakes.openid import OPENID_CLIENT, openid_request
from fakes.provider import Provider
from fakes.wire import fragment_of, query_of
from protocol.session_management import BROWSER_STATE_COOKIE
from protocol.settings import Settings


def is_unchanged(provider: Provider, session_state: str, origin: str) -> bool:
    """As the page in the client's frame answers."""
    digest, salt = session_state.split(".")
    state = provider.cookies.get(BROWSER_STATE_COOKIE, "")
    return sha256(f"web {origin} {state} {salt}".encode()).hexdigest() == digest


@pytest.mark.parametrize(
    ("redirect_uri", "origin"),
    [
        ("https://app.example.com/cb", "https://app.example.com"),
        ("https://APP.example.com:443/cb", "https://app.example.com"),
        ("https://app.example.com:8443/cb?a=b", "https://app.example.com:8443"),
        ("https://[2001:db8::1]:8443/cb", "https://[2001:db8::1]:8443"),
    ],
)
def test_state_belongs_to_client_origin_and_login(redirect_uri: str, origin: str) -> None:
    provider = Provider(replace(OPENID_CLIENT, redirect_uris=(redirect_uri,)))
    state = query_of(provider.agree(openid_request(redirect_uri=redirect_uri)))["session_state"]
    assert is_unchanged(provider, state, origin)
    assert not is_unchanged(provider, state, "https://evil.example")
    provider.log_in(session_reference="x")
    assert provider.browser.session is not None
    provider.browser.session = replace(provider.browser.session, session_hash="t" * 64)
    provider.agree(openid_request(redirect_uri=redirect_uri))
    assert not is_unchanged(provider, state, origin)


def test_in_the_fragment_as_well() -> None:
    answer = fragment_of(Provider(OPENID_CLIENT).agree(openid_request(response_type="id_token")))
    assert "session_state" in answer


@pytest.mark.parametrize(
    "changes",
    [{"scope": "email"}, {"redirect_uri": "com.example.app:/cb"}],
    ids=["not-openid", "own-scheme"],
)
def test_no_state(changes: dict[str, str]) -> None:
    uris = ("https://app.example.com/cb", "com.example.app:/cb")
    provider = Provider(replace(OPENID_CLIENT, redirect_uris=uris, application_type="native"))
    assert "session_state" not in query_of(provider.agree(openid_request(**changes)))


def test_error_tells_the_state_that_the_browser_has() -> None:
    provider = Provider(OPENID_CLIENT)
    answer = query_of(provider.go_on(provider.start(openid_request(prompt="none"))))
    assert answer["error"] == "login_required"
    assert is_unchanged(provider, answer["session_state"], "https://app.example.com")
    provider.agree(openid_request())
    assert not is_unchanged(provider, answer["session_state"], "https://app.example.com")


def cookie_of(provider: Provider) -> str | None:
    response = provider.agree(openid_request())
    cookies = [value for name, value in response.headers if name == "Set-Cookie"]
    return next((value for value in cookies if value.startswith(BROWSER_STATE_COOKIE)), None)


def test_cookie_can_be_read_in_a_frame_of_another_site() -> None:
    cookie = cookie_of(Provider(OPENID_CLIENT))
    assert cookie is not None
    assert cookie.endswith("; Path=/; SameSite=None; Secure")
    assert "HttpOnly" not in cookie


def test_cookie_without_https() -> None:
    settings = Settings(issuer="http://localhost/path")
    cookie = cookie_of(Provider(OPENID_CLIENT, settings=settings))
    assert cookie is not None
    assert cookie.endswith("; Path=/path; SameSite=Lax")


def test_cookie_is_set_once() -> None:
    provider = Provider(OPENID_CLIENT)
    assert cookie_of(provider) is not None
    assert cookie_of(provider) is None
