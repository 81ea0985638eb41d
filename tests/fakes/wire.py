"""The messages of clients, written and read: parameters, headers, answers."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlsplit

from fakes.registrations import SECRET
from protocol.messages import Response
from protocol.pkce import challenge_of

VERIFIER = "v" * 43
Pairs = Mapping[str, str] | Iterable[tuple[str, str]]


def pairs(values: Pairs) -> tuple[tuple[str, str], ...]:
    return tuple(values.items() if isinstance(values, Mapping) else values)


def without(values: Mapping[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in names}


def basic(identifier: str = "web", secret: str = SECRET) -> dict[str, str]:
    """The Authorization header of client_secret_basic."""
    text = f"{quote_plus(identifier)}:{quote_plus(secret)}"
    return {"authorization": "Basic " + b64encode(text.encode()).decode()}


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def query_of(response: Response) -> dict[str, str]:
    """What a redirect carries in its query."""
    assert response.location is not None
    return dict(parse_qsl(urlsplit(response.location).query, keep_blank_values=True))


def fragment_of(response: Response) -> dict[str, str]:
    """What a redirect carries in its fragment."""
    assert response.location is not None
    return dict(parse_qsl(urlsplit(response.location).fragment, keep_blank_values=True))


def code_request(**changes: str) -> dict[str, str]:
    """The parameters of an authorization request of ``CLIENT``."""
    return {
        "response_type": "code",
        "client_id": "web",
        "redirect_uri": "https://app.example.com/cb",
        "scope": "openid email",
        "state": "st",
        "code_challenge": challenge_of(VERIFIER),
        "code_challenge_method": "S256",
    } | changes


def token_request(**changes: str) -> dict[str, str]:
    """The parameters of an authorization request of ``ODOO_CLIENT``."""
    return {
        "response_type": "token",
        "client_id": "other-odoo",
        "redirect_uri": "https://odoo.example.com/auth_oauth/signin",
        "scope": "openid email",
        "state": "st",
    } | changes


def code_exchange(code: str, **changes: str) -> dict[str, str]:
    """The form that redeems a code of ``code_request``."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://app.example.com/cb",
        "code_verifier": VERIFIER,
    } | changes


def tokens_of(response: Response) -> dict[str, Any]:
    """The members of a successful token answer."""
    assert response.status == 200, response
    assert response.json is not None
    return dict(response.json)


def error_of(response: Response) -> str:
    """The error code, wherever the endpoint puts it."""
    if response.json is not None:
        return str(response.json["error"])
    if response.page is not None:
        return str(response.page.values["error"])
    return (query_of(response) | fragment_of(response))["error"]
