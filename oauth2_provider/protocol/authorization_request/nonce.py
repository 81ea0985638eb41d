"""nonce of the authorization request (OpenID Connect Core §3.1.2.1, §3.2.2.1, §3.3.2.11)."""

from __future__ import annotations

from ..errors import OAuthError
from . import AuthorizationContext

MAXIMUM_LENGTH = 2000


def check_nonce(context: AuthorizationContext) -> None:
    """An ID token that travels through the browser must be bound to the request it answers."""
    nonce = context.parameters.get("nonce")
    if "id_token" in context.response_type:
        if "openid" not in context.scope:
            raise OAuthError("invalid_request", "An id_token needs the scope openid.")
        if nonce is None:
            raise OAuthError("invalid_request", "nonce is missing.")
    if nonce is not None and len(nonce) > MAXIMUM_LENGTH:
        raise OAuthError("invalid_request", "nonce is too long.")
    context.nonce = nonce
