"""id_token_hint of the logout request: who wants to be logged out of which session (RP-Initiated Logout 1.0 §2)."""

from __future__ import annotations

from ..errors import OAuthError
from ..jose.algorithms import ALGORITHMS
from ..jose.verify import (
    InvalidToken,
    UnknownSignature,
    audiences,
    unverified_claims,
    unverified_header,
    verify,
)
from . import LogoutContext


def load_hint(context: LogoutContext) -> None:
    """An expired ID token is still a hint (§4); one that is not ours is an attack or a mix-up.

    A login can outlive the keys that were in use when it began. What such a key has signed proves nothing any more, so
    it counts as if it had not been sent: the person is asked.
    """
    hint = context.parameters.get("id_token_hint")
    if hint is None:
        return
    try:
        claims = verify(hint, context.ports.signing_keys.published_keys())
    except InvalidToken as error:
        if isinstance(error, UnknownSignature) and _names_a_key_that_is_gone(context, hint):
            return
        raise _refusal(str(error)) from error
    if claims.get("iss") != context.settings.issuer or not audiences(claims) or "sub" not in claims:
        raise _refusal("It is not an ID token of this server.")
    context.hint = claims


def _names_a_key_that_is_gone(context: LogoutContext, hint: str) -> bool:
    header = unverified_header(hint)
    present = {key.kid for key in context.ports.signing_keys.published_keys()}
    return (
        header.get("alg") in tuple(ALGORITHMS)
        and isinstance(header.get("kid"), str)
        and header["kid"] not in present
        and unverified_claims(hint).get("iss") == context.settings.issuer
    )


def _refusal(detail: str) -> OAuthError:
    return OAuthError(
        "invalid_request", "The id_token_hint is not an ID token of this server.", detail=detail
    )
