"""What a request object says: its own validity, and the parameters inside (RFC 9101 §4, OIDC Core §6.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..jose.verify import InvalidToken, audiences
from ..messages import Parameters
from . import AuthorizationContext

CLOCK_SKEW = 10
# FAPI 2.0 Message Signing §5.3.1.
MAXIMUM_AGE = 3600
MAXIMUM_LIFETIME = 3600
REPLAY_KIND = "request_object"
# About the token itself (RFC 7519 §4.1), not parameters.
_OWN_CLAIMS = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
# Parameters that are JSON already outside of an object (OpenID Connect Core §5.5, RFC 9396 §2).
_JSON_PARAMETERS = frozenset({"claims", "authorization_details"})


def check_claims(context: AuthorizationContext, claims: Mapping[str, Any]) -> None:
    """What is there must be right (OpenID Connect Core §6.1).

    :raises InvalidToken: if it is not
    """
    identifier = context.client.client_identifier
    if claims.get("iss", identifier) != identifier:
        raise InvalidToken("iss is not the client.")
    if claims.get("sub") == identifier:
        # RFC 9101 §10.8: that would be an assertion that authenticates the client.
        raise InvalidToken("sub is the client: this is an assertion.")
    if "aud" in claims and context.settings.issuer not in audiences(claims):
        raise InvalidToken("aud is somebody else.")
    if context.now >= claims.get("exp", context.now + 1):
        raise InvalidToken("The request object has expired.")
    if claims.get("nbf", 0) > context.now + CLOCK_SKEW:
        raise InvalidToken("The request object is not valid yet.")


def check_strict_claims(context: AuthorizationContext, claims: Mapping[str, Any]) -> None:
    """FAPI 2.0 Message Signing §5.3.1: for this server, of this hour, and once.

    :raises InvalidToken: if one of these is missing or wrong
    """
    for name in ("iss", "aud", "exp", "nbf", "client_id"):
        if claims.get(name) is None:
            raise InvalidToken(f"{name} is missing.")
    if claims["nbf"] < context.now - MAXIMUM_AGE:
        raise InvalidToken("The request object is too old.")
    if claims["exp"] - claims["nbf"] > MAXIMUM_LIFETIME:
        raise InvalidToken("The request object lives too long.")
    jti = claims.get("jti")
    if jti is None:
        return
    value = f"{context.client.client_identifier}\0{jti}"
    if not context.ports.replays.use_once(REPLAY_KIND, value, claims["exp"]):
        raise InvalidToken("The request object was used before.")


def parameters_of(claims: Mapping[str, Any]) -> Parameters:
    """The claims as if they had been sent as parameters.

    :raises InvalidToken: if one of them cannot be one
    """
    return Parameters.of(
        pair
        for name, value in claims.items()
        if name not in _OWN_CLAIMS
        for pair in _pairs(name, value)
    )


def _pairs(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif name in _JSON_PARAMETERS and isinstance(value, (dict, list)):
        yield name, json.dumps(value)
    elif name == "resource" and isinstance(value, list):
        for item in value:
            yield from _pairs(name, item if isinstance(item, str) else None)
    elif isinstance(value, bool):
        yield name, str(value).lower()
    elif isinstance(value, int):
        yield name, str(value)
    else:
        raise InvalidToken(f"{name[:100]!r} cannot be a parameter.")
