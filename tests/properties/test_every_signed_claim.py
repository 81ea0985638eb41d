"""What a right signature brings is read or refused, never a failure, whatever the claims and the header say.

The signature is always right, so that the checks behind it are reached; a few members are not what they should be.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from fakes.database_text import with_database_text
from fakes.generated import ADDRESS, EXAMPLES, LEFT_OUT, changes, written
from fakes.provider import Provider
from fakes.signed_tokens import KINDS, Kind, compact
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.messages import Response

MORE = ("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "ath", "nonce", "sid", "auth_time", "act")
REQUEST = ("claims", "authorization_details", "resource", "request", "request_uri", "acr_values")
HEADERS = changes("alg", "typ", "kid", "jwk", "crit", "b64", "jku", "x5c", "cty", "zip")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_changed_below_was_right(kind: Kind) -> None:
    provider = kind.provider()
    response = send(kind, provider, {}, {})
    assert kind.accepted(response), response


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_claim(kind: Kind) -> None:
    names = {*MORE, *REQUEST, *kind.right(kind.provider())}
    values = ADDRESS | st.sampled_from(
        ["web", "none", "code", [["web"], 1], {"userinfo": {"a": 1}}]
    )

    @settings(max_examples=EXAMPLES)
    @given(changes(*sorted(names), values=values), st.just({}) | HEADERS)
    def play(claims: dict[str, Any], header: dict[str, Any]) -> None:
        provider = kind.provider()
        check(send(kind, provider, claims, header))

    play()


@pytest.mark.parametrize("value", [None, LEFT_OUT, "\ud800", 2**70, [[]]])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_claim_by_itself(kind: Kind, value: Any) -> None:
    for name in {*MORE, *kind.right(kind.provider())}:
        provider = kind.provider()
        check(send(kind, provider, {name: value}, {}))


def send(
    kind: Kind, provider: Provider, claims: dict[str, Any], header: dict[str, Any]
) -> Response:
    right = kind.right(provider)
    head = {**kind.header, **header}
    head = {name: value for name, value in head.items() if value is not LEFT_OUT}
    provider.server = with_database_text(provider.server)
    return kind.send(provider, compact(head, written(right, claims), kind.key))


def check(response: Response) -> None:
    assert response.status < 500
    json.dumps(response.json, allow_nan=False)
