"""private_key_jwt: an assertion that the client signs (RFC 7521 §4.2, RFC 7523 §3, OpenID Connect Core §9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..client_keys import signing_algorithms, verify_client_token
from ..entities.client import Client
from ..jose.verify import InvalidToken, audiences, unverified_claims
from ..messages import Request
from ..parts import ClientAuthenticationMethod, Credentials
from ..server import Context
from . import invalid_client

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
REPLAY_KIND = "client_assertion"
MAXIMUM_JTI_LENGTH = 255
MAXIMUM_LIFETIME = 3600
# Clocks differ by a little (FAPI 2.0 Security Profile §5.3.2.1: 10 seconds yes, 60 no).
CLOCK_SKEW = 10
SERVES = frozenset({"private_key_jwt"})


def present(request: Request) -> Credentials | None:
    assertion_type = request.form.get("client_assertion_type")
    assertion = request.form.get("client_assertion")
    if assertion is None and assertion_type is None:
        return None
    if assertion is None or assertion_type != ASSERTION_TYPE:
        raise invalid_client("client_assertion or its type is missing or unknown")
    try:
        identifier = unverified_claims(assertion).get("sub")
    except InvalidToken as error:
        raise invalid_client(f"malformed assertion: {error}") from error
    if not isinstance(identifier, str) or not identifier:
        raise invalid_client("the assertion has no sub")
    return Credentials(identifier, assertion)


def verify(context: Context, client: Client | None, credentials: Credentials) -> bool:
    # Nobody's keys are fetched for a client that does not authenticate with them.
    if client is None or client.token_endpoint_auth_method not in SERVES:
        return False
    try:
        claims = verify_client_token(
            context,
            client,
            credentials.secret,
            algorithms=signing_algorithms(client, client.token_endpoint_auth_signing_alg),
            # RFC 7523 gives no typ; its successor does.
            types=(None, "JWT", "client-authentication+jwt"),
        )
        _check_claims(context, client, claims)
    except InvalidToken as error:
        raise invalid_client(f"client_assertion: {error}") from error
    return True


def _check_claims(context: Context, client: Client, claims: Mapping[str, Any]) -> None:
    if not claims.get("iss") == claims.get("sub") == client.client_identifier:
        raise InvalidToken("iss and sub are not both the client.")
    _check_audience(context, client, audiences(claims), claims.get("aud"))
    end = _check_times(context.now, claims)
    jti = claims.get("jti")
    if not jti or len(jti) > MAXIMUM_JTI_LENGTH:
        raise InvalidToken("jti is missing or too long.")
    # Last, so that only an assertion that counts is used up.
    value = f"{client.client_identifier}\0{jti}"
    if not context.ports.replays.use_once(REPLAY_KIND, value, end):
        raise InvalidToken("The assertion was used before.")


def _check_audience(
    context: Context, client: Client, named: tuple[str, ...], claim: object
) -> None:
    """One foreign audience is enough: who can be its server could replay the assertion here."""
    issuer = context.settings.issuer
    if client.profile.issuer_is_only_assertion_audience:
        if claim != issuer:
            raise InvalidToken("aud is not the issuer alone.")
    elif not named or not set(named) <= {issuer, f"{issuer}/oauth2/token"}:
        raise InvalidToken("aud is not the issuer or the token endpoint.")


def _check_times(now: int, claims: Mapping[str, Any]) -> int:
    """Return the end of the assertion's life."""
    end = claims.get("exp")
    if not isinstance(end, int):
        raise InvalidToken("exp is missing.")
    if end <= now:
        raise InvalidToken("The assertion has expired.")
    if end > now + MAXIMUM_LIFETIME + CLOCK_SKEW:
        raise InvalidToken("exp is too far ahead.")
    for name in ("nbf", "iat"):
        if claims.get(name, now) > now + CLOCK_SKEW:
            raise InvalidToken(f"{name} lies in the future.")
    return end


PRIVATE_KEY_JWT = ClientAuthenticationMethod("private_key_jwt", SERVES, present, verify)
