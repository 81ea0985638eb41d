"""tls_client_auth: a certificate that an authority vouches for, with the registered name in it (RFC 8705 §2.1)."""

from __future__ import annotations

from ..client_certificate import certificate_of
from ..distinguished_name import format_distinguished_name, parse_distinguished_name
from ..entities.client import CertificateName, Client
from ..jose.certificates import Certificate
from ..parts import ClientAuthenticationMethod, Credentials
from ..server import Context
from . import invalid_client
from .none import present


def verify(context: Context, client: Client | None, _credentials: Credentials) -> bool:
    """The proxy has checked the chain; a name in a certificate that anybody could have made proves nothing."""
    presented, certificate = context.request.client_certificate, certificate_of(context)
    if client is None or client.certificate_name is None:
        return False
    is_verified = presented is not None and presented.is_verified
    if certificate is None or not is_verified:
        return False
    if not _bears(certificate, client.certificate_name):
        subject = format_distinguished_name(certificate.subject)
        raise invalid_client(f"the certificate is of another subject: {subject[:500]}")
    return True


def _bears(certificate: Certificate, name: CertificateName) -> bool:
    if name.kind == "subject_dn":
        return certificate.subject == parse_distinguished_name(name.value)
    return name.value in certificate.alternative_names[name.kind.removeprefix("san_")]


TLS_CLIENT_AUTH = ClientAuthenticationMethod(
    "tls_client_auth",
    frozenset({"tls_client_auth"}),
    present,
    verify,
    rests_on_connection=True,
    needs_certificate=True,
)
