"""dpop_jkt: the key that must be proven when the code is redeemed (RFC 9449 §10)."""

from __future__ import annotations

import re

from ..dpop import prove_key
from ..errors import OAuthError
from ..messages import Parameters
from . import AuthorizationContext

_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")


def load_dpop_jkt(context: AuthorizationContext) -> None:
    """Where DPoP is switched off it means nothing, so nothing is promised."""
    jkt = context.parameters.get("dpop_jkt")
    if jkt is None or not context.settings.dpop:
        return
    if not _THUMBPRINT.fullmatch(jkt):
        raise OAuthError("invalid_request", "dpop_jkt is not the SHA-256 thumbprint of a key.")
    context.dpop_jkt = jkt


def bind_to_proven_key(context: AuthorizationContext) -> None:
    """Step of the pushed authorization request endpoint: a proof there says the same (RFC 9449 §10.1)."""
    jkt = prove_key(context)
    if jkt is None:
        return
    if context.parameters.get("dpop_jkt") not in (None, jkt):
        raise OAuthError("invalid_dpop_proof", "dpop_jkt names another key than the DPoP proof.")
    others = [pair for pair in context.parameters.pairs if pair[0] != "dpop_jkt"]
    context.parameters = Parameters.of([*others, ("dpop_jkt", jkt)])
