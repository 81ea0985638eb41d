"""Which client asks for the logout: client_id, id_token_hint, or both alike (RP-Initiated Logout 1.0 §2)."""

from __future__ import annotations

from ..errors import OAuthError
from ..jose.verify import audiences
from . import LogoutContext


def load_client(context: LogoutContext) -> None:
    identifier = context.parameters.get("client_id")
    if context.hint is not None:
        hinted = audiences(context.hint)
        if identifier is not None and identifier not in hinted:
            raise OAuthError(
                "invalid_request", "The id_token_hint was not issued to this client_id."
            )
        identifier = identifier or hinted[0]
    if identifier is None:
        return
    client = context.ports.clients.find_client(identifier)
    if client is None:
        raise OAuthError(
            "invalid_request",
            "The client_id is unknown.",
            detail=f"unknown client_id {identifier[:100]!r}",
        )
    context.client = client
    context.has_client = True
