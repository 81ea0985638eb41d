"""Parameters that carry or register a request elsewhere (OpenID Connect Core §3.1.2.6, §6 and §7.2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from . import AuthorizationContext

_ERRORS = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


def reject_unsupported_parameters(context: AuthorizationContext) -> None:
    """Ignoring them would answer another request than the client sent."""
    for name, error in _ERRORS.items():
        if context.parameters.get(name) is not None:
            raise OAuthError(error)
