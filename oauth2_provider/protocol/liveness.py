"""Whether a token that somebody shows may still be used."""

from __future__ import annotations

from .entities.authorization import Ground
from .entities.end_user import EndUser
from .entities.token import AccessToken, RefreshToken
from .server import Context


def is_live(context: Context, token: AccessToken | RefreshToken) -> bool:
    """It has not expired, what it hangs on still stands, and policy still lets its end-user in."""
    authorization = token.authorization
    return (
        context.now < token.expires_at
        and authorization.is_live(context.now)
        and not _was_ended(token)
        and all(_lets_in(context, ground, authorization.user) for ground in authorization.grounds)
    )


def _was_ended(token: AccessToken | RefreshToken) -> bool:
    """Whether a logout has ended the access tokens of a connection that stays, and what was exchanged for them."""
    ends = [ground.access_ended_at for ground in token.authorization.grounds]
    return isinstance(token, AccessToken) and any(
        end is not None and token.issued_at <= end for end in ends
    )


def _lets_in(context: Context, ground: Ground, user: EndUser) -> bool:
    """Asked with each token of a client with groups, so that no other client pays for it."""
    if not ground.client_has_groups:
        return True
    client = context.ports.clients.find_client(ground.client_identifier)
    return client is not None and (
        not client.group_ids or context.ports.end_users.is_member(user, client.group_ids)
    )
