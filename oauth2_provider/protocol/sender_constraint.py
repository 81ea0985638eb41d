"""Who may use a token: the keys that a request proves, and when it must (RFC 9449, RFC 8705, RFC 9700 §2.2.1)."""

from __future__ import annotations

from typing import Any

from .bearer import BEARER, DPOP, PresentedToken, bearer_error
from .client_certificate import certificate_thumbprint
from .confirmation import Confirmation
from .dpop import prove_key
from .entities.token import AccessToken
from .errors import OAuthError
from .grants import TokenContext
from .server import Context


def load_confirmation(context: TokenContext[Any]) -> None:
    """Step of the token endpoint: the keys that the new tokens are bound to.

    A proof is taken from every client. A certificate may be there for other reasons, so it counts only for clients
    that are registered so (RFC 8705 §3.4).
    """
    client = context.client
    jkt = prove_key(context)
    is_certificate_bound = client.tls_client_certificate_bound_access_tokens
    x5t_s256 = certificate_thumbprint(context) if is_certificate_bound else None
    if client.dpop_bound_access_tokens and jkt is None:
        raise OAuthError("invalid_request", "This client must send a DPoP proof.")
    if is_certificate_bound and x5t_s256 is None:
        raise OAuthError("invalid_request", "This client must show its certificate.")
    context.confirmation = Confirmation(jkt, x5t_s256)
    if client.profile.requires_sender_constraint and not context.confirmation.is_bound:
        raise OAuthError("invalid_request", "This client must bind its tokens to a key.")


def check_sender(context: Context, presented: PresentedToken, token: AccessToken) -> Confirmation:
    """The keys that a request to a protected resource proves.

    :raises OAuthError: with a challenge, if the token is bound to another one, or the proof is wrong
    """
    bound = token.confirmation
    if (presented.scheme == DPOP) != (bound.jkt is not None):
        # RFC 9449 §7.2: as a bearer token, a stolen bound token would be worth as much as any.
        raise bearer_error(
            "invalid_token",
            "This token needs the other scheme.",
            scheme=BEARER if bound.jkt is None else DPOP,
        )
    proven = Confirmation(
        _proven_key(context, presented) if bound.jkt is not None else None,
        certificate_thumbprint(context) if bound.x5t_s256 is not None else None,
    )
    if not bound.is_met_by(proven):
        raise bearer_error(
            "invalid_token", "This token is bound to another key.", scheme=presented.scheme
        )
    return proven


def _proven_key(context: Context, presented: PresentedToken) -> str:
    try:
        jkt = prove_key(context, access_token=presented.secret)
    except OAuthError as error:
        raise bearer_error(
            error.code, error.description, scheme=DPOP, detail=error.detail
        ) from error
    if jkt is None:
        raise bearer_error("invalid_dpop_proof", scheme=DPOP, detail="no proof")
    return jkt
