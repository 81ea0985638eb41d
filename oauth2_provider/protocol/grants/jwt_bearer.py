"""grant_type jwt-bearer: another server's signed word about a person, for an access token (RFC 7523 §2.1 and §3).

Each such server is registered by an administrator, with its keys, with what its ``sub`` means, and with the clients
that may come with its word. A client's own registration still limits what it gets, and for whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..client_keys import verify_client_token
from ..entities.end_user import EndUser, TrustedIssuer
from ..jose.algorithms import ALGORITHMS
from ..jose.verify import InvalidToken, audiences, unverified_claims
from ..parts import Grant
from . import TokenContext, invalid_grant, issue_access_token, record_token
from .client_credentials import check_client_is_confidential
from .new_authorization import begin_authorization, requested_scope
from .requested_access import load_resources

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
REPLAY_KIND = "jwt_bearer"
MAXIMUM_LIFETIME = 3600
MAXIMUM_JTI_LENGTH = 255
CLOCK_SKEW = 10

AssertionContext = TokenContext[EndUser]


def load_assertion(context: AssertionContext) -> None:
    """Whoever is wrong, the answer is the same (RFC 7523 §3.1)."""
    assertion = context.parameter("assertion")
    try:
        issuer = _issuer_of(context, assertion)
        claims = verify_client_token(
            context, issuer, assertion, algorithms=ALGORITHMS.keys(), types=(None, "JWT")
        )
        _check_claims(context, claims)
        context.presented = _person(context, issuer, claims)
        _use_up(context, issuer, claims)
    except InvalidToken as error:
        raise invalid_grant(f"assertion: {error}") from error


def _issuer_of(context: AssertionContext, assertion: str) -> TrustedIssuer:
    name = unverified_claims(assertion).get("iss")
    if not isinstance(name, str):
        raise InvalidToken("iss is missing.")
    issuer = context.ports.trusted_issuers.find_issuer(name, context.client.id)
    if issuer is None:
        raise InvalidToken(f"{name[:200]!r} is not trusted, or not with this client.")
    return issuer


def _check_claims(context: AssertionContext, claims: Mapping[str, Any]) -> None:
    """RFC 7523 §3: for us alone, since a second audience could use it here, and for now."""
    settings, now = context.settings, context.now
    named = set(audiences(claims))
    if not named or not named <= {settings.issuer, f"{settings.issuer}/oauth2/token"}:
        raise InvalidToken("aud is somebody else.")
    end = claims.get("exp")
    if end is None or not now < end <= now + MAXIMUM_LIFETIME:
        raise InvalidToken("exp is missing, past or too far away.")
    if claims.get("nbf", now) > now + CLOCK_SKEW or claims.get("iat", now) > now + CLOCK_SKEW:
        raise InvalidToken("The assertion is not valid yet.")


def _person(context: AssertionContext, issuer: TrustedIssuer, claims: Mapping[str, Any]) -> EndUser:
    subject = claims.get("sub")
    if not subject:
        raise InvalidToken("sub is missing.")
    user = context.ports.end_users.find_user_by(issuer.subject_kind, subject)
    if user is None:
        raise InvalidToken("sub is nobody here.")
    return user


def _use_up(context: AssertionContext, issuer: TrustedIssuer, claims: Mapping[str, Any]) -> None:
    """Each assertion counts once, so it needs a name. Last, so that only one that counts is used up."""
    jti = claims.get("jti")
    if not jti or len(jti) > MAXIMUM_JTI_LENGTH:
        raise InvalidToken("jti is missing or too long.")
    if not context.ports.replays.use_once(REPLAY_KIND, f"{issuer.issuer}\0{jti}", claims["exp"]):
        raise InvalidToken("The assertion was used before.")


def load_scope(context: AssertionContext) -> None:
    context.scope = requested_scope(context, context.client.scope)


def act_for_person(context: AssertionContext) -> None:
    lifetime = context.client.access_token_lifetime
    begin_authorization(context, context.presented, context.now + lifetime)


JWT_BEARER = Grant(
    GRANT_TYPE,
    (
        check_client_is_confidential,
        load_assertion,
        load_scope,
        load_resources,
        act_for_person,
        issue_access_token,
        record_token,
    ),
)
