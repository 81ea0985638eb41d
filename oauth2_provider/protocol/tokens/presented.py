"""Finding the token that somebody shows, whatever its format: opaque ones by their hash, others by what they say."""

from __future__ import annotations

from ..entities.authorization import AuthorizationReference
from ..entities.token import AccessToken, RefreshToken
from ..secret_hashing import ACCESS_TOKEN_PREFIX, REFRESH_TOKEN_PREFIX, hash_secret
from ..server import Context
from .jwt_access_token import read_access_token

_OPAQUE = (ACCESS_TOKEN_PREFIX, REFRESH_TOKEN_PREFIX)


def may_be_ours(value: str) -> bool:
    """Whether it has the form of a token of ours; who keeps other tokens too need not ask us about those."""
    return value.startswith(_OPAQUE) or value.count(".") == 2


def find_access_token(context: Context, value: str) -> AccessToken | None:
    """An access token of ours; whether it still lives is for the caller to judge."""
    if value.startswith(_OPAQUE):
        return context.ports.tokens.find_access_token(hash_secret(value))
    return read_access_token(context, value)


def find_token(context: Context, value: str) -> AccessToken | RefreshToken | None:
    """A token of either kind that a client shows, likewise."""
    if value.startswith(_OPAQUE):
        return context.ports.tokens.find_token(hash_secret(value), context.client)
    return read_access_token(context, value)


def find_reference(context: Context, value: str) -> AuthorizationReference | None:
    """The authorization that a token of either kind hangs on."""
    if value.startswith(_OPAQUE):
        return context.ports.tokens.find_reference(hash_secret(value))
    token = read_access_token(context, value)
    return None if token is None else token.authorization.reference
