"""grant_type refresh_token: rotation; an old token that comes back ends the family (RFC 6749 §6, RFC 9700 §4.14.2)."""

from __future__ import annotations

from ..entities import RefreshToken
from ..errors import OAuthError
from ..scope import parse_scope
from ..secret_hashing import hash_secret
from . import (
    Grant,
    TokenContext,
    check_authorization_is_live,
    invalid_grant,
    issue_tokens,
    refuse_replay,
    scope_still_allowed,
)

RefreshContext = TokenContext[RefreshToken]


def load_refresh_token(context: RefreshContext) -> None:
    token = context.ports.tokens.take_refresh_token(hash_secret(context.parameter("refresh_token")))
    if token is None:
        raise invalid_grant("unknown refresh token")
    if token.authorization.client_id != context.client.id:
        raise invalid_grant("the refresh token belongs to another client")
    context.presented = token
    context.authorization = token.authorization


def check_sender(context: RefreshContext) -> None:
    """RFC 9449 §5: of clients that prove nothing else. Before the search for replays, lest a thief without the key
    could end the family."""
    if not context.presented.confirmation.is_met_by(context.confirmation):
        raise invalid_grant("the refresh token is bound to another key")


def revoke_on_replay(context: RefreshContext) -> None:
    """RFC 9700 §4.14.2."""
    if context.presented.is_replayed:
        refuse_replay(context, reason="refresh_replay", what="refresh token")


def check_refresh_token_is_fresh(context: RefreshContext) -> None:
    if context.now >= context.presented.expires_at:
        raise invalid_grant("the refresh token has expired")


def narrow_scope(context: RefreshContext) -> None:
    """RFC 6749 §6: the access token may have less than was granted, never more; the refresh token keeps all."""
    granted = scope_still_allowed(context, context.presented.scope)
    requested = parse_scope(context.request.form.get("scope") or "") or granted
    if not requested <= granted:
        raise OAuthError("invalid_scope", "The scope is wider than what was granted.")
    context.scope = requested


def rotate(context: RefreshContext) -> None:
    context.ports.tokens.mark_refresh_token_used(context.presented, context.now)
    context.record("token_refreshed", user=context.authorization.user)


REFRESH_TOKEN = Grant(
    "refresh_token",
    (
        load_refresh_token,
        check_sender,
        revoke_on_replay,
        check_refresh_token_is_fresh,
        check_authorization_is_live,
        narrow_scope,
        rotate,
        issue_tokens,
    ),
)
