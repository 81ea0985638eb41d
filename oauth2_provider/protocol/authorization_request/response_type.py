"""response_type: what the client wants back (RFC 6749 §3.1.1, OAuth 2.0 Multiple Response Types)."""

from __future__ import annotations

from ..errors import OAuthError
from . import AuthorizationContext


def check_response_type(context: AuthorizationContext) -> None:
    value = context.parameters.get("response_type")
    if value is None:
        raise OAuthError("invalid_request", "response_type is missing.")
    wanted = frozenset(value.split(" "))
    client = context.client
    allowed = client.response_types & client.profile.response_types
    detail = f"the application sent {value[:100]!r}; registered: {', '.join(sorted(allowed))}"
    if not wanted <= context.server.parts.response_types.keys():
        raise OAuthError("unsupported_response_type", detail=detail)
    if wanted not in {frozenset(registered.split(" ")) for registered in allowed}:
        raise OAuthError(
            "unauthorized_client", "This client may not use this response_type.", detail=detail
        )
    if client.binds_tokens and "token" in wanted:
        raise OAuthError(
            "unauthorized_client",
            "The tokens of this client are bound to a key, a browser has none.",
        )
    context.response_type = wanted
