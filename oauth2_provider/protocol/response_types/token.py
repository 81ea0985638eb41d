"""response_type token: the implicit grant, an access token through the address bar (RFC 6749 §4.2).

For clients that know nothing better. No refresh token is ever issued this way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..authorization_request import AuthorizationContext
from ..parts import ResponseTypePart
from ..resource_indicators import default_audience, scope_at
from ..tokens.access_token import make_access_token
from ..tokens.access_token_content import AccessTokenContent
from ..tokens.id_token import Authentication


def lifetime(context: AuthorizationContext) -> int:
    return context.client.access_token_lifetime


def issue(context: AuthorizationContext, authorization_id: int) -> Sequence[tuple[str, str]]:
    session = context.end_user_session
    scope = scope_at(context.resources, context.scope)
    content = AccessTokenContent(
        authorization_identifier=context.authorization_identifier,
        authentication=Authentication(session.user, session.auth_time, context.acr, session.amr),
        scope=scope,
        absolute_end=context.now + lifetime(context),
        audience=context.audience or default_audience(context, scope),
        authorization_details=context.authorization_details,
    )
    tokens, members = make_access_token(context, content, context.ports.randomness)
    context.ports.tokens.add_tokens(authorization_id, tokens)
    context.record("token_issued", user=session.user)
    return tuple((name, _text(value)) for name, value in members.items())


def _text(value: object) -> str:
    """RFC 6749 Appendix A: in an address a number is written plainly, and what is JSON elsewhere as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


TOKEN = ResponseTypePart("token", needs_hiding=True, lifetime=lifetime, issue=issue)
