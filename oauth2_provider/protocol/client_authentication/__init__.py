"""Client authentication at the token endpoint and its siblings (RFC 6749 §2.3, OpenID Connect Core §9).

A method is one file: it says whether a request presents it, which client it speaks for, and whether the proof holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..entities import Client
from ..errors import OAuthError
from ..messages import Request
from ..server import Context

# RFC 6749 §5.2 and RFC 9110 §15.5.2: a 401 always names a scheme.
CHALLENGE = (("WWW-Authenticate", 'Basic realm="oauth2"'),)


@dataclass(frozen=True)
class Credentials:
    """What a request presents: the client it claims to be, and the proof."""

    client_identifier: str
    secret: str = ""


@dataclass(frozen=True)
class ClientAuthenticationMethod:
    """``serves``: the registered methods that a client may have to use this one.

    ``present``: the credentials of this method in a request, or None.
    ``verify``: whether they prove the client; called with None for an unknown client and must then do the same work.
    """

    name: str
    serves: frozenset[str]
    present: Callable[[Request], Credentials | None]
    verify: Callable[[Context, Client | None, Credentials], bool]


def invalid_client(detail: str) -> OAuthError:
    """One and the same answer for every failure, so that nothing tells which clients exist."""
    return OAuthError("invalid_client", detail=detail, headers=CHALLENGE)


def authenticate_client(context: Context) -> None:
    """Step: find out which client sends the request and make it prove itself."""
    method, credentials = _presented(context)
    client = context.ports.clients.find_client(credentials.client_identifier)
    is_proven = method.verify(context, client, credentials)
    if client is None:
        raise invalid_client("unknown or inactive client")
    if client.token_endpoint_auth_method not in method.serves:
        context.client = client
        raise invalid_client(
            f"registered for {client.token_endpoint_auth_method}, came with {method.name}"
        )
    if not is_proven:
        context.client = client
        raise invalid_client(f"{method.name} failed")
    context.client = client


def _presented(context: Context) -> tuple[ClientAuthenticationMethod, Credentials]:
    found = [
        (method, credentials)
        for method in context.server.parts.client_authentication
        if (credentials := method.present(context.request)) is not None
    ]
    if not found:
        raise invalid_client("no client credentials")
    if len(found) > 1:
        raise OAuthError("invalid_request", "Use one client authentication method, not several.")
    method, credentials = found[0]
    body_identifier = context.request.form.get("client_id")
    if body_identifier is not None and body_identifier != credentials.client_identifier:
        # Two names for one sender: believing either would let one client act as the other.
        raise OAuthError("invalid_request", "client_id differs from the authenticated client.")
    return method, credentials
