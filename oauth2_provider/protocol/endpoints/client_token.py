"""The parameter ``token`` by which a client asks about a token or gives it back (RFC 7009 §2.1, RFC 7662 §2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from ..server import Context


def token_in_form(context: Context) -> str:
    """What the client shows; ``token_type_hint`` is not needed, as one look-up finds both kinds.

    :raises OAuthError: invalid_request if the parameter is missing
    """
    secret = context.request.form.get("token")
    if secret is None:
        raise OAuthError("invalid_request", "token is missing.")
    return secret
