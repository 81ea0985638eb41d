"""Refusals in the audit trail have an end, and are counted beyond it."""

from __future__ import annotations

import pytest
from fakes.provider import Provider
from fakes.wire import basic, code_exchange, code_request
from protocol import refusal_events
from protocol.entities.event import Event


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.setattr(refusal_events, "LIMIT", 5)
    monkeypatch.setattr(refusal_events, "CLIENT_LIMIT", 3)
    return Provider()


def garbage(provider: Provider, number: int) -> None:
    for _request in range(number):
        provider.ask({"client_id": "nobody"})


def refused(provider: Provider, event_type: str = "authorization_refused") -> list[Event]:
    return [event for event in provider.store.events if event.event_type == event_type]


def test_what_nobody_sent_has_an_end(provider: Provider) -> None:
    garbage(provider, 10)
    events = refused(provider)
    assert len(events) == 3
    assert "only counted" not in events[1].detail
    assert events[2].detail.endswith("(what follows within a minute is only counted)")
    assert provider.store.unrecorded == {"authorization_refused": 7}


def test_the_next_one_tells_the_count(provider: Provider) -> None:
    garbage(provider, 10)
    provider.clock.advance(refusal_events.PERIOD)
    garbage(provider, 2)
    first, second = refused(provider)[3:]
    assert first.detail.endswith("(7 refusals before this one were only counted)")
    assert "counted" not in second.detail
    assert not provider.store.unrecorded


def test_garbage_does_not_hide_what_a_client_did(provider: Provider) -> None:
    garbage(provider, 10)
    provider.ask(code_request(redirect_uri="https://evil.example/"))
    last = refused(provider)[-1]
    assert last.client_identifier == "web"
    assert "evil.example" in last.detail


def test_there_is_an_end_for_all_clients_together(provider: Provider) -> None:
    garbage(provider, 3)
    for _request in range(4):
        provider.ask(code_request(redirect_uri="https://evil.example/"))
    events = refused(provider)
    assert [event.client_id for event in events] == [None, None, None, 1, 1]
    assert events[-1].detail.endswith("(what follows within a minute is only counted)")


def test_each_type_has_its_own(provider: Provider) -> None:
    garbage(provider, 10)
    for _request in range(5):
        provider.post_token(code_exchange("unknown"), basic())
    assert len(refused(provider, "token_refused")) == 3
    assert provider.store.unrecorded["token_refused"] == 2


def test_other_events_are_all_recorded(provider: Provider) -> None:
    for _login in range(7):
        provider.get_code(code_request())
    assert len(refused(provider, "login")) == 7
