"""Limits on the calls of other servers that requests set off (attack case D21)."""

from __future__ import annotations

import pytest
from fakes.provider import Provider
from protocol import outbound_throttle as throttle
from protocol.outbound_throttle import Caller, OutboundThrottled, throttled_fetch
from protocol.ports import Document, OutboundError

URL = "https://other.example/document"
CALLER = Caller("address 192.0.2.1", "strangers", 2)
NEIGHBOUR = Caller("address 192.0.2.2", "strangers", 2)
PERSON = Caller("user 7", "people", 2)


@pytest.fixture
def provider() -> Provider:
    provider = Provider()
    provider.internet.publish(URL, "{}")
    return provider


def fetch(provider: Provider, caller: Caller = CALLER, url: str = URL) -> Document:
    return throttled_fetch(
        provider.server.ports, caller, url, maximum_bytes=1000, now=provider.clock.now()
    )


def exhaust(provider: Provider, count: int, caller: Caller = CALLER, url: str = URL) -> None:
    for _call in range(count):
        try:
            fetch(provider, caller, url)
        except OutboundThrottled:
            raise
        except OutboundError:
            pass


def test_d21_calls_of_one_caller_are_limited_for_a_while(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "CALLER_LIMIT", 3)
    exhaust(provider, 3)
    with pytest.raises(OutboundThrottled, match=r"address 192\.0\.2\.1"):
        fetch(provider)
    assert len(provider.internet.fetched) == 3
    fetch(provider, NEIGHBOUR)
    provider.clock.advance(throttle.PERIOD)
    fetch(provider)


def test_d21_calls_of_one_host_are_limited_for_a_group(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "HOST_LIMIT", 2)
    exhaust(provider, 1, CALLER)
    exhaust(provider, 1, NEIGHBOUR, "https://OTHER.example/elsewhere")
    with pytest.raises(OutboundThrottled, match="host strangers"):
        fetch(provider)
    with pytest.raises(OutboundError, match="no answer"):
        fetch(provider, url="https://third.example/")
    fetch(provider, PERSON)


def test_d21_failed_calls_count_more(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "CALLER_FAILURE_LIMIT", 2)
    exhaust(provider, 4)
    provider.internet.publish("https://a.example/", "gone", status=404)
    assert fetch(provider, url="https://a.example/").status == 404
    exhaust(provider, 1, url="https://b.example/")
    with pytest.raises(OutboundThrottled, match="outbound_failed"):
        fetch(provider)


def test_d21_failures_of_one_host_count_for_a_group(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "HOST_FAILURE_LIMIT", 1)
    exhaust(provider, 1, url="https://b.example/")
    with pytest.raises(OutboundThrottled):
        fetch(provider, NEIGHBOUR, "https://b.example/other")


def test_d21_few_calls_are_under_way_at_a_time(provider: Provider) -> None:
    provider.places.taken["outbound strangers"] = 2
    with pytest.raises(OutboundThrottled, match="under way"):
        fetch(provider)
    fetch(provider, PERSON)
    assert provider.internet.fetched == [URL]
    assert not [key for kind, key, _ in provider.attempts.attempts if "strangers" in key]


def test_a_refused_call_leaves_no_row(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "CALLER_LIMIT", 1)
    fetch(provider)
    rows = list(provider.attempts.attempts)
    with pytest.raises(OutboundThrottled):
        fetch(provider)
    assert provider.attempts.attempts == rows


def test_what_is_no_address(provider: Provider) -> None:
    with pytest.raises(OutboundError, match="https"):
        fetch(provider, url="http://other.example/")
    assert not provider.attempts.attempts
