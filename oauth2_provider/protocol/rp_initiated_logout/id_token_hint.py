"""id_token_hint of the logout request: who wants to be logged out of which session (RP-Initiated Logout 1.0 §2)."""

from __future__ import annotations

from ..errors import OAuthError
from ..jose.verify import InvalidToken, audiences, verify
from . import LogoutContext


def load_hint(context: LogoutContext) -> None:
    """An expired ID token is still a hint (§4); one that is not ours is an attack or a mix-up."""
    hint = context.parameters.get("id_token_hint")
    if hint is None:
        return
    try:
        claims = verify(hint, context.ports.signing_keys.published_keys())
    except InvalidToken as error:
        raise _refusal(str(error)) from error
    if claims.get("iss") != context.settings.issuer or not audiences(claims) or "sub" not in claims:
        raise _refusal("It is not an ID token of this server.")
    context.hint = claims


def _refusal(detail: str) -> OAuthError:
    return OAuthError(
        "invalid_request", "The id_token_hint is not an ID token of this server.", detail=detail
    )
