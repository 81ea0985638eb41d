"""The client certificate of a request, and tokens that are bound to it (RFC 8705 §3).

It comes from a header that the adapter believes to be written by our own proxy; without such a proxy there is none.
"""

from __future__ import annotations

from .errors import OAuthError
from .jose.certificates import Certificate, load_certificate
from .server import Context


def certificate_of(context: Context) -> Certificate | None:
    """:raises OAuthError: invalid_request if the header holds something else than a certificate"""
    presented = context.request.client_certificate
    if presented is None:
        return None
    try:
        return load_certificate(presented.text)
    except ValueError as error:
        raise OAuthError(
            "invalid_request", "The client certificate cannot be read.", detail=str(error)
        ) from error


def certificate_thumbprint(context: Context) -> str | None:
    """x5t#S256 of the certificate; the TLS handshake has proven that the sender holds its key."""
    certificate = certificate_of(context)
    return None if certificate is None else certificate.thumbprint
