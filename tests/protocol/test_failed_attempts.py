"""Wrong proofs of clients are limited, right ones never (RFC 6819 §5.1.4.2, attack case A15)."""

from __future__ import annotations

from base64 import b64encode

import pytest
from fakes.assertions import KEY_CLIENT, assertion_form, claims, client_key, signed
from fakes.provider import Provider
from fakes.wire import basic, code_exchange, error_of
from protocol.client_authentication.failed_attempts import ADDRESS_LIMIT, CLIENT_LIMIT, PERIOD
from protocol.messages import Response


def guess(provider: Provider, identifier: str = "web", address: str = "192.0.2.1") -> Response:
    return provider.post_token(
        code_exchange("x"), basic(identifier, "wrong"), remote_address=address
    )


def is_limited(response: Response) -> bool:
    if response.status != 429:
        assert (response.status, error_of(response)) == (401, "invalid_client")
        return False
    assert error_of(response) == "temporarily_unavailable"
    assert dict(response.headers)["Retry-After"] == str(PERIOD)
    return True


def test_a15_wrong_secrets_from_many_addresses(provider: Provider) -> None:
    answers = [guess(provider, address=f"198.51.100.{n}") for n in range(CLIENT_LIMIT + 5)]
    assert [is_limited(answer) for answer in answers] == [False] * CLIENT_LIMIT + [True] * 5
    assert provider.event_types().count("attempts_limited") == 1
    assert provider.event_types().count("token_refused") == CLIENT_LIMIT
    assert not provider.store.unrecorded, "those who have to wait are no news"
    # Neither the right secret nor another client notices anything.
    assert error_of(provider.post_token(code_exchange("x"))) == "invalid_grant"
    assert not is_limited(guess(provider, "other-odoo"))


def test_a15_the_event_tells_when_and_why(provider: Provider) -> None:
    for _n in range(CLIENT_LIMIT - 1):
        guess(provider)
    assert "attempts_limited" not in provider.event_types()
    guess(provider)
    limited = next(e for e in provider.store.events if e.event_type == "attempts_limited")
    assert (limited.client_identifier, limited.detail) == ("web", "client_secret_basic failed")


def test_a15_many_clients_from_one_address(provider: Provider) -> None:
    """Names that somebody makes up count, and cost no more than others."""
    answers = [guess(provider, f"client {n}") for n in range(ADDRESS_LIMIT + 1)]
    assert [is_limited(answer) for answer in answers] == [False] * ADDRESS_LIMIT + [True]
    assert is_limited(guess(provider))
    assert not is_limited(guess(provider, address="198.51.100.1"))
    right = provider.post_token(code_exchange("x"), remote_address="192.0.2.1")
    assert error_of(right) == "invalid_grant"


def test_a15_it_ends_by_itself_and_leaves_few_rows(provider: Provider) -> None:
    for _n in range(CLIENT_LIMIT + 10):
        guess(provider)
    assert len(provider.attempts.attempts) == 2 * CLIENT_LIMIT
    provider.clock.advance(PERIOD - 1)
    assert is_limited(guess(provider))
    provider.clock.advance(1)
    assert not is_limited(guess(provider))


def test_a15_wrong_assertions_count_too() -> None:
    provider = Provider(KEY_CLIENT)
    for _n in range(CLIENT_LIMIT):
        wrong = signed(claims(), key=client_key("ES256", "thief"))
        assert provider.post_token(code_exchange("x") | assertion_form(wrong), {}).status == 401
    wrong = signed(claims(), key=client_key("ES256", "thief"))
    assert is_limited(provider.post_token(code_exchange("x") | assertion_form(wrong), {}))
    right = assertion_form(signed(claims()))
    assert error_of(provider.post_token(code_exchange("x") | right, {})) == "invalid_grant"


def test_a_right_secret_is_not_looked_up(provider: Provider) -> None:
    provider.get_tokens()
    assert not provider.attempts.attempts


def encoded(text: bytes) -> str:
    return "Basic " + b64encode(text).decode()


@pytest.mark.parametrize(
    "header",
    [
        "Basic !",
        encoded(b"no colon"),
        encoded(b"we%00b:a-client-secret"),
        encoded(b"we%ffb:a-client-secret"),
        encoded(b"web:a-client-secret%ff"),
        basic()["authorization"] + "====",
    ],
)
def test_a16_what_cannot_be_read_is_no_attempt(provider: Provider, header: str) -> None:
    response = provider.post_token(code_exchange("x"), {"authorization": header})
    assert (response.status, error_of(response)) == (401, "invalid_client")
    assert not provider.attempts.attempts


def test_a16_an_assertion_for_nobody_is_no_attempt() -> None:
    provider = Provider(KEY_CLIENT)
    for sub in (None, "", "we\0b", 1):
        form = code_exchange("x") | assertion_form(signed(claims(sub=sub)))
        assert provider.post_token(form, {}).status == 401
    assert not provider.attempts.attempts


def test_what_is_no_attempt_does_not_count(provider: Provider) -> None:
    assert provider.post_token(code_exchange("x"), {}).status == 401
    twice = code_exchange("x", client_id="other")
    assert error_of(provider.post_token(twice)) == "invalid_request"
    assert not provider.attempts.attempts
