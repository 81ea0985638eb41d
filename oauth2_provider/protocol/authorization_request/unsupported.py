"""Parameters that ask for something that is not done here (OpenID Connect Core §3.1.2.6 and §7.2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from . import AuthorizationContext


def reject_unsupported_parameters(context: AuthorizationContext) -> None:
    """Ignoring it would answer another request than the client sent."""
    if context.parameters.get("registration") is not None:
        raise OAuthError("registration_not_supported")
