"""Events tell an administrator what the application sent and what is registered."""

from __future__ import annotations

import pytest
from fakes.provider import Provider
from fakes.wire import code_exchange, code_request


def detail_of(provider: Provider) -> str:
    return provider.store.events[-1].detail


@pytest.mark.parametrize(
    ("changes", "sent", "registered"),
    [
        ({"redirect_uri": "https://evil.example/cb"}, "https://evil.example/cb", "https://app.ex"),
        ({"response_type": "token"}, "'token'", "registered: code"),
        ({"response_type": "nonsense"}, "'nonsense'", "registered: code"),
        ({"scope": "openid admin"}, "'admin'", "registered: "),
        ({"client_id": "nobody"}, "'nobody'", "unknown"),
    ],
)
def test_refused_request(
    provider: Provider, changes: dict[str, str], sent: str, registered: str
) -> None:
    provider.ask(code_request(**changes))
    assert provider.event_types() == ["authorization_refused"]
    assert sent in detail_of(provider)
    assert registered in detail_of(provider)


def test_other_redirect_uri_at_the_token_endpoint(provider: Provider) -> None:
    code = provider.get_code()
    provider.post_token(code_exchange(code, redirect_uri="https://app.example.com/other"))
    assert provider.event_types()[-1] == "token_refused"
    assert "'https://app.example.com/other'" in detail_of(provider)
    assert "'https://app.example.com/cb'" in detail_of(provider)
    assert code not in detail_of(provider)


def test_what_was_sent_is_cut(provider: Provider) -> None:
    for name in ("redirect_uri", "response_type", "scope", "client_id"):
        provider.ask(code_request(**{name: "x" * 10_000}))
        assert len(detail_of(provider)) < 1000, name


def test_other_grant(provider: Provider) -> None:
    provider.post_token({"grant_type": "password"})
    assert "'password'; registered: authorization_code" in detail_of(provider)
