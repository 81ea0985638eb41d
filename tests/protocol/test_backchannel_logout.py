"""Logout tokens and their delivery (OpenID Connect Back-Channel Logout 1.0), and sid in ID tokens."""

from __future__ import annotations

from dataclasses import replace

import jwt
import pytest
from fakes.openid import OPENID_CLIENT, openid_request, read
from fakes.provider import ISSUER, Provider
from fakes.signing_keys import MemorySigningKeys
from fakes.wire import code_exchange, fragment_of, query_of, tokens_of, without
from protocol.backchannel_logout import (
    RETRY_DELAYS,
    LogoutMessage,
    delay_after,
    logout_message,
    send,
)
from protocol.entities.client import Client
from protocol.jose.verify import InvalidToken, verify
from protocol.ports import Document
from protocol.session_identifier import sid_of

ADDRESS = "https://app.example.com/backchannel"
CLIENT = replace(OPENID_CLIENT, backchannel_logout_uri=ADDRESS)
SESSION = "s" * 64
SID = sid_of(SESSION, "web")


def message_of(provider: Provider) -> LogoutMessage:
    message = logout_message(provider.server, CLIENT, subject="5f0c", sid=SID)
    assert message is not None
    return message


def test_l07_logout_token() -> None:
    provider = Provider(CLIENT)
    message = message_of(provider)
    assert message.address == ADDRESS
    header = jwt.get_unverified_header(message.token)
    assert (header["typ"], header["alg"]) == ("logout+jwt", "RS256")
    claims = dict(verify(message.token, MemorySigningKeys().published_keys(), types=["logout+jwt"]))
    now = provider.clock.now()
    assert claims.pop("jti")
    assert claims == {
        "iss": ISSUER,
        "sub": "5f0c",
        "aud": "web",
        "iat": now,
        "exp": now + 120,
        "sid": SID,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }


def test_logout_token_passes_for_no_id_token() -> None:
    with pytest.raises(InvalidToken):
        read(message_of(Provider(CLIENT)).token)


def test_each_attempt_has_a_token_of_its_own() -> None:
    provider = Provider(CLIENT)
    assert message_of(provider).token != message_of(provider).token


@pytest.mark.parametrize("status", [200, 204])
def test_delivered(status: int) -> None:
    provider = Provider(CLIENT)
    provider.internet.documents[ADDRESS] = Document(status, "", b"")
    message = message_of(provider)
    assert send(provider.internet, message) is None
    assert provider.internet.posted == [(ADDRESS, {"logout_token": message.token})]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_refused(status: int) -> None:
    provider = Provider(CLIENT)
    provider.internet.documents[ADDRESS] = Document(status, "", b"")
    assert send(provider.internet, message_of(provider)) == (
        f"The application answered with status {status}."
    )


def test_not_answered() -> None:
    provider = Provider(CLIENT)
    assert send(provider.internet, message_of(provider)) == "no answer"


@pytest.mark.parametrize("client", [None, OPENID_CLIENT], ids=["gone", "no-address"])
def test_nobody_to_tell(client: Client | None) -> None:
    assert logout_message(Provider().server, client, subject="5f0c", sid=SID) is None


def test_attempts_become_rare_and_end() -> None:
    delays = [delay_after(attempts) for attempts in range(1, len(RETRY_DELAYS) + 2)]
    assert delays[0] == 60
    assert delays[:-1] == sorted(RETRY_DELAYS)
    assert delays[-1] is None


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, False),
        ({"backchannel_logout_uri": ADDRESS}, True),
        ({"frontchannel_logout_uri": ADDRESS}, True),
    ],
)
def test_sid_only_for_clients_that_hear_of_logouts(changes: dict[str, str], is_told: bool) -> None:
    provider = Provider(replace(OPENID_CLIENT, **changes))
    answer = fragment_of(provider.agree(openid_request(response_type="code id_token")))
    first = read(answer["id_token"])
    exchange = without(code_exchange(answer["code"]), "code_verifier")
    second = read(tokens_of(provider.post_token(exchange))["id_token"])
    expected = {SID} if is_told else {None}
    assert {first.get("sid"), second.get("sid")} == expected


def test_sid_tells_clients_apart_and_hides_the_session() -> None:
    assert sid_of(SESSION, "web") != sid_of(SESSION, "other")
    assert sid_of(SESSION, "web") != sid_of("t" * 64, "web")
    assert SESSION not in sid_of(SESSION, "web")


def test_plain_oauth_request_has_no_session_state() -> None:
    provider = Provider(CLIENT)
    answer = query_of(provider.agree(openid_request(scope="email")))
    assert "session_state" not in answer
