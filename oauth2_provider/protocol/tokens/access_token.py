"""Opaque access tokens and the members that announce them (RFC 6749 §5.1, RFC 6750 §4)."""

from __future__ import annotations

from typing import Any

from ..entities import NewToken
from ..scope import format_scope
from ..secret_hashing import ACCESS_TOKEN_PREFIX, new_secret
from ..server import Context


def make_access_token(
    context: Context, scope: frozenset[str], absolute_end: int
) -> tuple[NewToken, dict[str, Any]]:
    """A token for the context's client: what to store, and what to answer.

    :param absolute_end: when its authorization ends (seconds since 1970 UTC); no token is promised to live longer
    """
    secret, token_hash = new_secret(ACCESS_TOKEN_PREFIX, context.ports.randomness)
    lifetime = min(context.client.access_token_lifetime, absolute_end - context.now)
    token = NewToken("access", token_hash, scope, context.now, context.now + lifetime)
    members = {
        "access_token": secret,
        "token_type": "Bearer",
        "expires_in": lifetime,
        "scope": format_scope(scope),
    }
    return token, members
