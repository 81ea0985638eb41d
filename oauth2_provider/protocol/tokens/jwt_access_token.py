"""Access tokens that a resource server can read by itself (RFC 9068).

They are stored nowhere. At our own endpoints the random name of their authorization leads to all that decides whether
they still live, so a revocation counts there at once; elsewhere they live until they expire.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..confirmation import Confirmation
from ..entities.token import AccessToken
from ..jose.sign import sign
from ..jose.verify import InvalidToken, audiences, verify
from ..scope import format_scope
from ..server import Context
from ..subject import subject_of
from .access_token_content import AccessTokenContent

TYPE = "at+jwt"
# RFC 9068 §4: with and without the prefix that a media type may go without (RFC 7515 §4.1.9).
_TYPES = (TYPE, f"application/{TYPE}")
# Our own claim: which authorization the token hangs on.
AUTHORIZATION_CLAIM = "authorization_id"


def sign_access_token(
    context: Context, content: AccessTokenContent, expires_at: int, jti: str
) -> str:
    """RFC 9068 §2.2."""
    client, login = context.client, content.authentication
    claims = {
        "iss": context.settings.issuer,
        "sub": subject_of(context.settings, login.user, client),
        "aud": audience_member(content.audience),
        "client_id": client.client_identifier,
        "iat": context.now,
        "exp": expires_at,
        "jti": jti,
        "scope": format_scope(content.scope) or None,
        "auth_time": login.auth_time,
        "acr": login.acr,
        "amr": list(login.amr) or None,
        "cnf": content.confirmation.members() or None,
        "authorization_details": list(content.authorization_details) or None,
        "act": content.act,
        AUTHORIZATION_CLAIM: content.authorization_identifier,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    key = context.ports.signing_keys.signing_key(client.access_token_signed_response_alg)
    return sign(present, key, typ=TYPE)


def read_access_token(context: Context, value: str) -> AccessToken | None:
    """The token with the present state of its authorization, or None if it is not one that we signed."""
    try:
        claims = verify(value, context.ports.signing_keys.published_keys(), types=_TYPES)
    except InvalidToken:
        return None
    identifier = claims.get(AUTHORIZATION_CLAIM)
    if claims.get("iss") != context.settings.issuer or not identifier:
        return None
    authorization = context.ports.authorizations.find_authorization(identifier)
    if authorization is None:
        return None
    return AccessToken(
        authorization=authorization,
        scope=frozenset(claims.get("scope", "").split()),
        issued_at=claims["iat"],
        expires_at=claims["exp"],
        audience=audiences(claims),
        confirmation=_confirmation_of(claims.get("cnf", {})),
        authorization_details=tuple(claims.get("authorization_details", ())),
    )


def audience_member(audience: tuple[str, ...]) -> str | list[str]:
    """RFC 7519 §4.1.3: one audience is written plainly."""
    return audience[0] if len(audience) == 1 else list(audience)


def _confirmation_of(members: Mapping[str, Any]) -> Confirmation:
    return Confirmation(members.get("jkt"), members.get("x5t#S256"))
