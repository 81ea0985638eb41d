"""Whether a token that somebody shows may still be used."""

from __future__ import annotations

from .entities.authorization import Authorization
from .entities.token import AccessToken, RefreshToken
from .server import Context


def is_live(context: Context, token: AccessToken | RefreshToken) -> bool:
    """It has not expired, what it hangs on still stands, and policy still lets its end-user in."""
    authorization = token.authorization
    return (
        context.now < token.expires_at
        and authorization.is_live(context.now)
        and not _was_ended(token)
        and (not authorization.client_has_groups or _is_member(context, authorization))
    )


def _was_ended(token: AccessToken | RefreshToken) -> bool:
    """Whether a logout has ended the access token of a connection that stays."""
    end = token.authorization.access_ended_at
    return isinstance(token, AccessToken) and end is not None and token.issued_at <= end


def _is_member(context: Context, authorization: Authorization) -> bool:
    """Asked with each token of a client with groups, so that no other client pays for it."""
    client = context.ports.clients.find_client(authorization.client_identifier)
    return client is not None and (
        not client.group_ids
        or context.ports.end_users.is_member(authorization.user, client.group_ids)
    )
