"""response_type token: the implicit grant, an access token through the address bar (RFC 6749 §4.2).

For clients that know nothing better. No refresh token is ever issued this way.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..authorization_request import AuthorizationContext
from ..tokens.access_token import make_access_token
from . import ResponseTypePart


def lifetime(context: AuthorizationContext) -> int:
    return context.client.access_token_lifetime


def issue(context: AuthorizationContext, authorization_id: int) -> Sequence[tuple[str, str]]:
    token, members = make_access_token(context, context.scope, context.now + lifetime(context))
    user = context.end_user_session.user
    context.ports.tokens.add_tokens(authorization_id, context.client.id, user.id, [token])
    context.record("token_issued", user=user)
    return tuple((name, str(value)) for name, value in members.items())


TOKEN = ResponseTypePart("token", needs_hiding=True, lifetime=lifetime, issue=issue)
