"""grant_type refresh_token: rotation; an old token that comes back ends the family (RFC 6749 §6, RFC 9700 §4.14.2).

For a short grace the token before the present one gets the answer that it got the first time: answers get lost, and
clients refresh twice at a time. Thief and owner then hold the same chain, not one each; whoever of them comes second
with a token of that chain, once the grace is over, ends it. Tokens that are bound to a key have no grace: nobody else
can use them. FAPI 2.0 clients keep theirs altogether.
"""

from __future__ import annotations

from ..entities.client import OFFLINE_ACCESS
from ..entities.token import RefreshToken
from ..errors import OAuthError
from ..parts import Grant
from ..scope import parse_scope
from ..secret_hashing import REFRESH_TOKEN_PREFIX, hash_secret, new_secret
from ..tokens.refresh_token import refresh_token_end
from ..tokens.succession import REFRESH_TOKEN as SUCCESSOR
from ..tokens.succession import Succession
from . import (
    TokenContext,
    check_authorization_is_live,
    invalid_grant,
    issue_tokens,
    refuse_replay,
    scope_still_allowed,
)
from .requested_access import narrow_access

RefreshContext = TokenContext[RefreshToken]


def load_refresh_token(context: RefreshContext) -> None:
    secret = context.parameter("refresh_token")
    token = _find(context, hash_secret(secret))
    if token is None:
        raise invalid_grant("unknown refresh token")
    if token.authorization.client_id != context.client.id:
        raise invalid_grant("the refresh token belongs to another client")
    context.presented = token
    context.authorization = token.authorization
    if _grace(context):
        context.succession = Succession(context.ports.server_secret, secret)


def _find(context: RefreshContext, token_hash: str) -> RefreshToken | None:
    """Held against parallel rotation, if there is any rotation."""
    client, store = context.client, context.ports.tokens
    if client.profile.rotates_refresh_tokens:
        waits_at = context.now if client.refresh_token_grace > 0 else None
        return store.take_refresh_token(token_hash, client, waits_at=waits_at)
    token = store.find_token(token_hash, client)
    return token if isinstance(token, RefreshToken) else None


def _grace(context: RefreshContext) -> int:
    """Seconds; none where a key is proven, as every sender of a bound token must, and where nothing is rotated."""
    if context.confirmation.is_bound or not context.client.profile.rotates_refresh_tokens:
        return 0
    return context.client.refresh_token_grace


def check_sender(context: RefreshContext) -> None:
    """RFC 9449 §5: of clients that prove nothing else. Before the search for replays, lest a thief without the key
    could end the family."""
    if not context.presented.confirmation.is_met_by(context.confirmation):
        raise invalid_grant("the refresh token is bound to another key")


def revoke_on_replay(context: RefreshContext) -> None:
    """RFC 9700 §4.14.2. Within the grace the answer is given as of the moment of the first one."""
    token = context.presented
    if not token.is_replayed:
        return
    if token.used_at is None or not _is_repeated(context, token.used_at):
        refuse_replay(context, reason="refresh_replay", what="refresh token")
    context.now = token.used_at


def _is_repeated(context: RefreshContext, used_at: int) -> bool:
    """Whether the token was the present one a moment ago, and its successor is unused still.

    Clocks of several servers differ, and one that is put back must not make old tokens new.
    """
    if context.succession is None or abs(context.now - used_at) >= _grace(context):
        return False
    _secret, successor_hash = new_secret(REFRESH_TOKEN_PREFIX, context.succession.of(SUCCESSOR))
    successor = context.ports.tokens.find_token(successor_hash, context.client)
    return isinstance(successor, RefreshToken) and not successor.is_replayed


def check_refresh_token_is_fresh(context: RefreshContext) -> None:
    if context.now >= context.presented.expires_at:
        raise invalid_grant("the refresh token has expired")


def check_offline_access(context: RefreshContext) -> None:
    """An administrator who forbids access without a login means the connections that exist, too."""
    if context.authorization.is_offline and OFFLINE_ACCESS not in context.client.allowed_scope:
        raise invalid_grant("the client may no longer act without a login session")


def narrow_scope(context: RefreshContext) -> None:
    """RFC 6749 §6: the access token may have less than was granted, never more; the refresh token keeps all."""
    granted = scope_still_allowed(context, context.presented.scope)
    requested = parse_scope(context.request.form.get("scope") or "") or granted
    if not requested <= granted:
        raise OAuthError("invalid_scope", "The scope is wider than what was granted.")
    context.scope = requested


def rotate(context: RefreshContext) -> None:
    """Use the token up, unless its client keeps it: then only its idle time begins anew."""
    token, store = context.presented, context.ports.tokens
    if not context.client.profile.rotates_refresh_tokens:
        context.has_refresh_token = False
        store.extend_refresh_token(
            token, refresh_token_end(context, context.authorization.expires_at)
        )
    elif token.used_at is None:
        store.mark_refresh_token_used(token, context.now)
    detail = "" if token.used_at is None else "the same answer once more"
    context.record("token_refreshed", user=context.authorization.user, detail=detail)


REFRESH_TOKEN = Grant(
    "refresh_token",
    (
        load_refresh_token,
        check_sender,
        revoke_on_replay,
        check_refresh_token_is_fresh,
        check_authorization_is_live,
        check_offline_access,
        narrow_scope,
        narrow_access,
        rotate,
        issue_tokens,
    ),
)
