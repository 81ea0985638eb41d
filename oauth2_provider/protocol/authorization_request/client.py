"""client_id of the authorization request (RFC 6749 §4.1.1)."""

from __future__ import annotations

from ..errors import OAuthError
from . import AuthorizationContext


def load_client(context: AuthorizationContext) -> None:
    identifier = context.parameters.get("client_id")
    if identifier is None:
        raise OAuthError("invalid_request", "client_id is missing.")
    client = context.ports.clients.find_client(identifier)
    if client is None:
        raise OAuthError(
            "invalid_request",
            "The client_id is unknown.",
            detail=f"unknown client_id {identifier[:100]!r}",
        )
    context.client = client
