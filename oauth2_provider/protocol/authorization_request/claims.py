"""claims and acr_values of the authorization request (OpenID Connect Core §5.5 and §3.1.2.1)."""

from __future__ import annotations

from dataclasses import replace

from ..claims import SCOPE_CLAIMS
from ..claims_request import NO_CLAIMS, parse_claims_request
from ..errors import OAuthError
from . import AuthorizationContext


def load_claims_request(context: AuthorizationContext) -> None:
    """Single claims are held to the client's scopes: by this door nobody gets more than by that one."""
    text = context.parameters.get("claims")
    request = NO_CLAIMS
    if text is not None:
        try:
            request = parse_claims_request(text)
        except ValueError as error:
            raise OAuthError(
                "invalid_request", "claims is malformed.", detail=str(error)
            ) from error
    allowed = frozenset[str]().union(
        *(SCOPE_CLAIMS.get(name, frozenset()) for name in context.client.scope)
    )
    # A demand by claims is not watered down by weaker wishes beside it.
    acr_values = request.acr_values or (context.parameters.get("acr_values") or "").split()
    context.claims = replace(
        request,
        userinfo=request.userinfo & allowed,
        id_token=request.id_token & allowed,
        own_scope=context.client.own_claims_scope,
        # Registration §2: what a client wants by default gives way to what it asks for.
        acr_values=tuple(acr_values) or context.client.default_acr_values,
        # A level is essential by this parameter only; with acr_values it is a wish.
        acr_is_essential=request.acr_is_essential and bool(request.acr_values),
    )
