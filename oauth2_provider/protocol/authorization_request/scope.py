"""scope of the authorization request (RFC 6749 §3.3)."""

from __future__ import annotations

from ..entities import OFFLINE_ACCESS
from ..errors import OAuthError
from ..scope import parse_scope
from . import AuthorizationContext


def check_scope(context: AuthorizationContext) -> None:
    """Every name must be allowed for the client: silently granting less would surprise the client later."""
    client = context.client
    requested = parse_scope(context.parameters.get("scope") or "")
    if "code" not in context.response_type or OFFLINE_ACCESS not in client.allowed_scope:
        # OpenID Connect Core §11: ignored, not refused, where no refresh token can follow.
        requested -= {OFFLINE_ACCESS}
    scope = requested or (context.settings.default_scope & client.scope)
    if not scope:
        raise OAuthError("invalid_scope", "scope is missing, and this client has no default.")
    if not scope <= client.allowed_scope:
        refused = " ".join(sorted(scope - client.allowed_scope))
        raise OAuthError("invalid_scope", detail=f"not allowed for this client: {refused[:500]}")
    context.scope = scope
