"""Refresh tokens: single use, each use hands out the next (RFC 6749 §6, RFC 9700 §4.14.2)."""

from __future__ import annotations

from typing import Any

from ..confirmation import NO_CONFIRMATION, Confirmation
from ..entities.token import NewToken
from ..ports import Randomness
from ..secret_hashing import REFRESH_TOKEN_PREFIX, new_secret
from ..server import Context


def make_refresh_token(
    context: Context,
    scope: frozenset[str],
    absolute_end: int,
    randomness: Randomness,
    confirmation: Confirmation = NO_CONFIRMATION,
) -> tuple[NewToken, dict[str, Any]]:
    """A token that ends when it lies idle too long, and at ``absolute_end`` (seconds since 1970 UTC) at the latest.

    :param confirmation: what must be proven with it; for public clients, since the others prove themselves anyway
        (RFC 9449 §5)
    """
    secret, token_hash = new_secret(REFRESH_TOKEN_PREFIX, randomness)
    token = NewToken(
        "refresh",
        token_hash,
        scope,
        context.now,
        refresh_token_end(context, absolute_end),
        confirmation=confirmation,
    )
    return token, {"refresh_token": secret}


def refresh_token_end(context: Context, absolute_end: int) -> int:
    """When a token ends that is made or used now."""
    return min(context.now + context.client.refresh_token_idle_lifetime, absolute_end)
