"""self_signed_tls_client_auth: a certificate of which the client has registered the key (RFC 8705 §2.2)."""

from __future__ import annotations

from ..client_certificate import certificate_of
from ..client_keys import load_client_keys, renew_client_keys
from ..entities.client import Client
from ..fetched_documents import DocumentUnavailable
from ..jose.certificates import Certificate
from ..jose.jwk_set import JwkSet
from ..parts import ClientAuthenticationMethod, Credentials
from ..server import Context
from . import invalid_client
from .none import present

SERVES = frozenset({"self_signed_tls_client_auth"})


def verify(context: Context, client: Client | None, _credentials: Credentials) -> bool:
    """The handshake has proven that the sender holds the key; whose key it is, only the registration says."""
    # Nobody's keys are fetched for a client that does not authenticate with them.
    if client is None or client.token_endpoint_auth_method not in SERVES:
        return False
    certificate = certificate_of(context)
    if certificate is None or not certificate.is_valid_at(context.now):
        return False
    try:
        return _is_key_of(context, client, certificate)
    except (DocumentUnavailable, ValueError) as error:
        raise invalid_client(f"the keys of the client: {error}") from error


def _is_key_of(context: Context, client: Client, certificate: Certificate) -> bool:
    if _holds(load_client_keys(context, client), certificate):
        return True
    # A key that came after the last fetch.
    renewed = renew_client_keys(context, client)
    return renewed is not None and _holds(renewed, certificate)


def _holds(keys: JwkSet, certificate: Certificate) -> bool:
    return any(certificate.has_key(jwk) for jwk in keys.keys)


SELF_SIGNED_TLS_CLIENT_AUTH = ClientAuthenticationMethod(
    "self_signed_tls_client_auth",
    SERVES,
    present,
    verify,
    rests_on_connection=True,
    needs_certificate=True,
)
