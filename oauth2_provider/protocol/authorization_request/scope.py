"""scope of the authorization request (RFC 6749 §3.3)."""

from __future__ import annotations

from ..entities.client import OFFLINE_ACCESS
from ..errors import OAuthError
from ..scope import format_scope, parse_scope
from . import AuthorizationContext
from .prompt import prompts


def check_scope(context: AuthorizationContext) -> None:
    """Every name must be allowed for the client: silently granting less would surprise the client later."""
    client = context.client
    requested = parse_scope(context.parameters.get("scope") or "")
    asked = requested or (context.settings.default_scope & client.scope)
    scope = (asked - {OFFLINE_ACCESS}) | _offline_access(context, requested)
    if not scope:
        raise OAuthError("invalid_scope", "scope is missing, and this client has no default.")
    if not scope <= client.allowed_scope:
        refused = " ".join(sorted(scope - client.allowed_scope))
        registered = format_scope(client.allowed_scope) or "nothing"
        detail = f"not allowed for this client: {refused[:500]!r}; registered: {registered}"
        raise OAuthError("invalid_scope", detail=detail)
    context.scope = scope


def _offline_access(context: AuthorizationContext, requested: frozenset[str]) -> frozenset[str]:
    """OpenID Connect Core §11: ignored, not refused, where no refresh token can follow, and in an OpenID request that
    does not have the end-user asked. A trusted client has it by policy."""
    client = context.client
    if "code" not in context.response_type or OFFLINE_ACCESS not in client.allowed_scope:
        return frozenset()
    if client.offline_access == "always":
        return frozenset({OFFLINE_ACCESS})
    is_asked = "openid" not in requested or "consent" in prompts(context) or client.is_trusted
    return requested & {OFFLINE_ACCESS} if is_asked else frozenset()
