"""A code challenge or nonce that a client sends for several end-users (RFC 9700 §2.1.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes.provider import Provider
from fakes.registrations import ALICE, CLIENT
from fakes.wire import code_request
from protocol.entities.end_user import EndUser

BOB = replace(ALICE, id=902, public_subject="bob")
DAY = 86_400
FIRST, SECOND = "f" * 43, "s" * 43


@pytest.fixture
def both() -> Provider:
    provider = Provider(CLIENT)
    provider.store.users[BOB.id] = BOB
    return provider


def log_in(provider: Provider, user: EndUser, challenge: str, nonce: str) -> None:
    provider.log_in(user)
    response = provider.agree(code_request(code_challenge=challenge, nonce=nonce))
    assert "code=" in (response.location or "")


def reused(provider: Provider) -> list[tuple[int | None, str]]:
    found = [event for event in provider.store.events if event.event_type == "value_reused"]
    return [(event.user_id, event.detail) for event in found]


def test_q31_each_value_is_looked_at_for_itself(both: Provider) -> None:
    log_in(both, ALICE, FIRST, "one")
    log_in(both, BOB, FIRST, "two")
    assert reused(both) == [(BOB.id, "code_challenge")]
    log_in(both, ALICE, SECOND, "two")
    assert reused(both)[1:] == [(ALICE.id, "nonce")]


def test_q31_the_same_person_may_load_a_page_twice(both: Provider) -> None:
    log_in(both, ALICE, FIRST, "one")
    log_in(both, ALICE, FIRST, "one")
    assert not reused(both)
    log_in(both, BOB, FIRST, "one")
    log_in(both, BOB, FIRST, "one")
    assert reused(both) == [(BOB.id, "code_challenge"), (BOB.id, "nonce")]


def test_q31_another_client_may_have_thought_of_the_same_value(both: Provider) -> None:
    log_in(both, ALICE, FIRST, "one")
    both.change_client(id=CLIENT.id + 1000)
    log_in(both, BOB, FIRST, "one")
    assert not reused(both)


def test_values_are_remembered_for_a_day(both: Provider) -> None:
    log_in(both, ALICE, FIRST, "one")
    ends = {end for (kind, _value), end in both.replays.used.items() if "nonce" in kind}
    assert ends == {both.clock.now() + DAY}
