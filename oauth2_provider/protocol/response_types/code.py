"""response_type code: a code to be redeemed at the token endpoint (RFC 6749 §4.1.2)."""

from __future__ import annotations

from collections.abc import Sequence

from ..authorization_request import AuthorizationContext
from ..entities.authorization import NewAuthorizationCode
from ..parts import ResponseTypePart
from ..secret_hashing import CODE_PREFIX, new_secret


def lifetime(context: AuthorizationContext) -> int:
    longest = context.client.authorization_lifetime(context.scope)
    return context.settings.code_lifetime + longest


def issue(context: AuthorizationContext, authorization_id: int) -> Sequence[tuple[str, str]]:
    secret, code_hash = new_secret(CODE_PREFIX, context.ports.randomness)
    context.ports.authorizations.add_code(
        NewAuthorizationCode(
            code_hash=code_hash,
            authorization_id=authorization_id,
            client_id=context.client.id,
            redirect_uri=context.redirect_uri,
            redirect_uri_was_sent=context.parameters.get("redirect_uri") is not None,
            code_challenge=context.code_challenge,
            expires_at=context.now + context.settings.code_lifetime,
            dpop_jkt=context.dpop_jkt,
        )
    )
    return (("code", secret),)


CODE = ResponseTypePart("code", needs_hiding=False, lifetime=lifetime, issue=issue)
