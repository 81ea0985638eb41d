"""Refresh: rotation, reuse detection and the grace for what is repeated (RFC 6749 §6, RFC 9700 §4.14.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from fakes.constrained import TOKEN_ADDRESS
from fakes.openid import read
from fakes.proofs import proof
from fakes.provider import Provider
from fakes.registrations import ALICE, CLIENT
from fakes.wire import basic, code_exchange, code_request, error_of, tokens_of
from protocol.confirmation import Confirmation
from protocol.secret_hashing import hash_secret
from protocol.security_profiles import PROFILES

GRACE = CLIENT.refresh_token_grace
KEY = Confirmation(jkt="thumbprint")


def refused(provider: Provider, refresh_token: str, **more: str) -> None:
    assert error_of(provider.refresh(refresh_token, **more)) == "invalid_grant"


def lives(provider: Provider, access_token: str) -> bool:
    return provider.get("userinfo", access_token).status == 200


def revocations(provider: Provider) -> list[str]:
    return [reason for _id, reason, _now in provider.store.revocations]


@pytest.fixture
def tokens(provider: Provider) -> dict[str, Any]:
    return provider.get_tokens()


def test_rotation(provider: Provider, tokens: dict[str, Any]) -> None:
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert renewed["access_token"] != tokens["access_token"]
    assert lives(provider, renewed["access_token"])
    assert lives(provider, tokens["access_token"])


def test_f02_repeated_within_the_grace_gets_the_same_answer(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    first = tokens_of(provider.refresh(tokens["refresh_token"]))
    stored = len(provider.store.tokens)
    provider.clock.advance(GRACE - 1)
    again = tokens_of(provider.refresh(tokens["refresh_token"]))
    assert {**again, "id_token": read(again["id_token"])} == {
        **first,
        "id_token": read(first["id_token"]),
    }
    assert len(provider.store.tokens) == stored, "nothing new was made"
    assert revocations(provider) == []
    assert tokens_of(provider.refresh(first["refresh_token"]))


def test_the_events_tell_who_and_what_was_repeated(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    for _time in range(2):
        provider.refresh(tokens["refresh_token"])
    assert [(e.event_type, e.user_id, e.detail) for e in provider.store.events[-2:]] == [
        ("token_refreshed", ALICE.id, ""),
        ("token_refreshed", ALICE.id, "the same answer once more"),
    ]


@pytest.mark.parametrize("grace", [1, GRACE])
def test_f02_within_the_grace_a_token_in_use_is_waited_for(provider: Provider, grace: int) -> None:
    provider.change_client(refresh_token_grace=grace)
    tokens = provider.get_tokens()
    provider.store.contended.add(hash_secret(tokens["refresh_token"]))
    assert "access_token" in tokens_of(provider.refresh(tokens["refresh_token"]))


def test_f13_no_grace_where_a_key_is_proven(provider: Provider) -> None:
    """Nobody else could repeat it, and the key would be another one for the same answer."""
    tokens = provider.get_tokens()
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answers = []
    for _time in range(2):
        text = proof("POST", TOKEN_ADDRESS, provider.clock.now())
        answers.append(provider.post_token(form, basic() | {"dpop": text}, path="/oauth2/token"))
    assert answers[0].status == 200
    assert error_of(answers[1]) == "invalid_grant"
    assert revocations(provider) == ["refresh_replay"]


def test_f03_after_the_grace_a_replay_ends_the_family(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    newest = tokens_of(provider.refresh(tokens["refresh_token"]))
    provider.clock.advance(GRACE)
    refused(provider, tokens["refresh_token"])
    refused(provider, newest["refresh_token"])
    assert not lives(provider, newest["access_token"])
    assert "refresh_replay" in revocations(provider)
    assert "replay_detected" in provider.event_types()


def test_f03_two_generations_back_is_theft_within_the_grace_too(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    second = tokens_of(provider.refresh(tokens["refresh_token"]))
    third = tokens_of(provider.refresh(second["refresh_token"]))
    refused(provider, tokens["refresh_token"])
    refused(provider, third["refresh_token"])
    assert not lives(provider, third["access_token"])


def test_f04_revoked_within_the_grace_is_dead(provider: Provider, tokens: dict[str, Any]) -> None:
    provider.refresh(tokens["refresh_token"])
    (authorization_id,) = provider.store.authorizations
    provider.store.revocations.append((authorization_id, "logout", provider.clock.now()))
    refused(provider, tokens["refresh_token"])
    assert revocations(provider) == ["logout"], "what is over is no theft"


@pytest.mark.parametrize("seconds", [GRACE, 600])
def test_s14_a_clock_put_back_makes_no_old_token_new(
    provider: Provider, tokens: dict[str, Any], seconds: int
) -> None:
    provider.refresh(tokens["refresh_token"])
    provider.clock.advance(-seconds)
    refused(provider, tokens["refresh_token"])
    assert revocations(provider) == ["refresh_replay"]


def test_clocks_of_several_servers_may_differ_a_little(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    first = tokens_of(provider.refresh(tokens["refresh_token"]))
    provider.clock.advance(-1)
    again = tokens_of(provider.refresh(tokens["refresh_token"]))
    assert again["refresh_token"] == first["refresh_token"]


def test_without_grace_the_second_use_is_a_replay(provider: Provider) -> None:
    provider.change_client(refresh_token_grace=0)
    tokens = provider.get_tokens()
    provider.refresh(tokens["refresh_token"])
    refused(provider, tokens["refresh_token"])
    assert revocations(provider) == ["refresh_replay"]


def test_without_grace_a_token_in_use_is_a_replay(provider: Provider) -> None:
    provider.change_client(refresh_token_grace=0)
    tokens = provider.get_tokens()
    provider.store.contended.add(hash_secret(tokens["refresh_token"]))
    refused(provider, tokens["refresh_token"])
    assert revocations(provider) == ["refresh_replay"]


def test_grace_switched_on_later_does_not_revive_what_was_used_before(provider: Provider) -> None:
    provider.change_client(refresh_token_grace=0)
    tokens = provider.get_tokens()
    provider.refresh(tokens["refresh_token"])
    provider.change_client(refresh_token_grace=60)
    refused(provider, tokens["refresh_token"])


def test_parallel_refreshes_for_different_scopes_share_one_chain(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    wide = tokens_of(provider.refresh(tokens["refresh_token"]))
    narrow = tokens_of(provider.refresh(tokens["refresh_token"], scope="openid"))
    assert narrow["refresh_token"] == wide["refresh_token"]
    assert narrow["access_token"] != wide["access_token"]
    assert (narrow["scope"], wide["scope"]) == ("openid", "openid email")
    assert lives(provider, narrow["access_token"])
    assert lives(provider, wide["access_token"])


def test_successors_cannot_be_made_without_the_secret(
    provider: Provider, tokens: dict[str, Any]
) -> None:
    renewed = tokens_of(provider.refresh(tokens["refresh_token"]))
    hashes = set(provider.store.tokens)
    for known in (tokens["refresh_token"], hash_secret(tokens["refresh_token"])):
        assert hash_secret("o2r_" + known.removeprefix("o2r_")) not in hashes - {
            hash_secret(tokens["refresh_token"])
        }
    assert renewed["refresh_token"].removeprefix("o2r_") != renewed["access_token"].removeprefix(
        "o2a_"
    )


def test_f06_token_of_another_client(provider: Provider, tokens: dict[str, Any]) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    response = provider.post_token(form | {"client_id": "native"}, headers={})
    assert error_of(response) == "invalid_grant"
    assert revocations(provider) == []


def test_f07_scope(provider: Provider, tokens: dict[str, Any]) -> None:
    response = provider.refresh(tokens["refresh_token"], scope="openid profile email")
    assert error_of(response) == "invalid_scope"
    narrow = tokens_of(provider.refresh(tokens["refresh_token"], scope="openid"))
    assert narrow["scope"] == "openid"
    assert tokens_of(provider.refresh(narrow["refresh_token"]))["scope"] == "openid email"


def test_f10_idle_and_absolute_end(provider: Provider) -> None:
    provider.change_client(refresh_token_idle_lifetime=100, session_refresh_token_lifetime=250)
    tokens = provider.get_tokens()
    for _time in range(2):
        provider.clock.advance(99)
        tokens = tokens_of(provider.refresh(tokens["refresh_token"]))
    idle = provider.get_tokens()
    provider.clock.advance(100)
    refused(provider, idle["refresh_token"])
    refused(provider, tokens["refresh_token"])
    assert revocations(provider) == []


def test_f12_one_kind_is_not_the_other(provider: Provider, tokens: dict[str, Any]) -> None:
    refused(provider, tokens["access_token"])
    assert not lives(provider, tokens["refresh_token"])
    assert lives(provider, tokens["access_token"])


def public_tokens(provider: Provider, confirmation: Confirmation) -> str:
    """The refresh token of a public client whose sender had proven a key."""
    provider.change_client(
        token_endpoint_auth_method="none",
        secrets=(),
        grant_types=frozenset({"authorization_code", "refresh_token"}),
    )
    form = code_exchange(provider.get_code(code_request())) | {"client_id": "web"}
    refresh_token = str(tokens_of(provider.post_token(form, headers={}))["refresh_token"])
    stored = provider.store.tokens[hash_secret(refresh_token)]
    stored.new = replace(stored.new, confirmation=confirmation)
    return refresh_token


@pytest.mark.parametrize("confirmation", [KEY, Confirmation(x5t_s256="certificate")])
def test_f13_bound_token_without_proof(provider: Provider, confirmation: Confirmation) -> None:
    refresh_token = public_tokens(provider, confirmation)
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": "web"}
    assert error_of(provider.post_token(form, headers={})) == "invalid_grant"
    assert revocations(provider) == []


def test_f13_code_bound_to_another_key(provider: Provider) -> None:
    code = provider.get_code()
    stored = provider.store.codes[hash_secret(code)]
    stored.new = replace(stored.new, dpop_jkt="thumbprint")
    assert error_of(provider.post_token(code_exchange(code))) == "invalid_grant"


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> Provider:
    """A client whose profile forbids rotation."""
    keeping = replace(PROFILES["oauth21"], name="keeping", rotates_refresh_tokens=False)
    monkeypatch.setitem(PROFILES, "keeping", keeping)
    provider.change_client(security_profile="keeping", refresh_token_idle_lifetime=100)
    return provider


def test_a_profile_without_rotation_keeps_the_token(keeping: Provider) -> None:
    tokens = keeping.get_tokens()
    for _time in range(3):
        keeping.clock.advance(60)
        renewed = tokens_of(keeping.refresh(tokens["refresh_token"]))
        assert "refresh_token" not in renewed
        assert lives(keeping, renewed["access_token"])
    keeping.clock.advance(100)
    refused(keeping, tokens["refresh_token"])
    assert revocations(keeping) == []


def test_f12_access_token_as_refresh_token_without_rotation(keeping: Provider) -> None:
    refused(keeping, keeping.get_tokens()["access_token"])
    refused(keeping, "o2r_unknown")


def test_a_token_that_was_rotated_before_the_profile_changed_is_a_replay(
    provider: Provider, monkeypatch: pytest.MonkeyPatch, tokens: dict[str, Any]
) -> None:
    provider.refresh(tokens["refresh_token"])
    keeping = replace(PROFILES["oauth21"], name="keeping", rotates_refresh_tokens=False)
    monkeypatch.setitem(PROFILES, "keeping", keeping)
    provider.change_client(security_profile="keeping")
    refused(provider, tokens["refresh_token"])
    assert revocations(provider) == ["refresh_replay"]
