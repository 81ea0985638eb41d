"""Access tokens and the members that announce them (RFC 6749 §5.1, RFC 6750 §4, RFC 9449 §5)."""

from __future__ import annotations

from typing import Any

from ..entities.token import NewToken
from ..ports import Randomness
from ..scope import format_scope
from ..secret_hashing import ACCESS_TOKEN_PREFIX, new_secret
from ..server import Context
from .access_token_content import AccessTokenContent
from .jwt_access_token import sign_access_token


def make_access_token(
    context: Context, content: AccessTokenContent, randomness: Randomness
) -> tuple[list[NewToken], dict[str, Any]]:
    """A token for the context's client, in the format of the client: what to store, if anything, and what to answer."""
    lifetime = min(context.client.access_token_lifetime, content.absolute_end - context.now)
    expires_at = context.now + lifetime
    members = {
        "token_type": content.confirmation.token_type,
        "expires_in": lifetime,
        "scope": format_scope(content.scope),
    }
    if content.authorization_details:
        # RFC 9396 §7.
        members["authorization_details"] = list(content.authorization_details)
    if context.client.access_token_format == "jwt":
        token = sign_access_token(context, content, expires_at, randomness.token())
        return [], {"access_token": token} | members
    secret, token_hash = new_secret(ACCESS_TOKEN_PREFIX, randomness)
    stored = NewToken(
        "access",
        token_hash,
        content.scope,
        context.now,
        expires_at,
        content.audience,
        content.confirmation,
        content.authorization_details,
    )
    return [stored], {"access_token": secret} | members
