"""response_type id_token: an ID token through the browser (OpenID Connect Core §3.2.2.5 and §3.3.2.11)."""

from __future__ import annotations

from collections.abc import Sequence

from ..authorization_request import AuthorizationContext
from ..claims import released_claims
from ..parts import ResponseTypePart
from ..tokens.id_token import (
    Authentication,
    make_id_token,
    own_claims_of_id_token,
    scope_told_in_id_token,
)


def lifetime(context: AuthorizationContext) -> int:
    return context.settings.id_token_lifetime


def issue(context: AuthorizationContext, _authorization_id: int) -> Sequence[tuple[str, str]]:
    """Bound to what was issued beside it, so it comes last."""
    session = context.end_user_session
    issued = dict(context.issued)
    is_alone = context.response_type == {"id_token"}
    claims = released_claims(
        session.user,
        scope_told_in_id_token(context.client, context.scope, is_alone=is_alone),
        context.claims.id_token,
    )
    claims |= own_claims_of_id_token(
        context, session.user, context.scope | context.claims.own_scope
    )
    token = make_id_token(
        context,
        Authentication(
            session.user, session.auth_time, context.acr, session.amr, session.session_hash
        ),
        claims=claims,
        nonce=context.nonce,
        access_token=issued.get("access_token"),
        code=issued.get("code"),
    )
    return (("id_token", token),)


ID_TOKEN = ResponseTypePart("id_token", needs_hiding=True, lifetime=lifetime, issue=issue)
