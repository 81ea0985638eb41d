"""How a registered client proves who it is by a certificate, and what its tokens are bound to (RFC 8705 §2.1.2, §2.2.2
and §3.4, RFC 9449 §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from ..distinguished_name import parse_distinguished_name

# The member that names the certificate, and the kind of name that it is to us.
CERTIFICATE_NAMES = {
    "tls_client_auth_subject_dn": "subject_dn",
    "tls_client_auth_san_dns": "san_dns",
    "tls_client_auth_san_uri": "san_uri",
    "tls_client_auth_san_ip": "san_ip",
    "tls_client_auth_san_email": "san_email",
}
DPOP = "dpop_bound_access_tokens"
MTLS = "tls_client_certificate_bound_access_tokens"


def token_binding_of(metadata: Mapping[str, Any]) -> str:
    """What its tokens are bound to: "dpop", "mtls" or "none"."""
    if metadata.get(DPOP):
        return "dpop"
    return "mtls" if metadata.get(MTLS) else "none"


def certificate_name_of(metadata: Mapping[str, Any]) -> tuple[str, str] | None:
    """The kind of name and the name by which its certificate is known."""
    for member, kind in CERTIFICATE_NAMES.items():
        if member in metadata:
            return kind, str(metadata[member])
    return None


def check_certificate_name(metadata: Mapping[str, Any]) -> None:
    """One name where a certificate is known by it, none elsewhere.

    :raises ValueError: with a sentence for the client
    """
    names = [member for member in CERTIFICATE_NAMES if member in metadata]
    if metadata["token_endpoint_auth_method"] != "tls_client_auth":
        if names:
            raise ValueError(f"{names[0]} is for tls_client_auth alone.")
        return
    if len(names) != 1:
        raise ValueError("tls_client_auth needs one name of the certificate, and no second one.")
    value = metadata[names[0]]
    if names[0] == "tls_client_auth_subject_dn":
        parse_distinguished_name(value)
    elif names[0] == "tls_client_auth_san_ip" and str(ip_address(value)) != value:
        raise ValueError("tls_client_auth_san_ip must be in its usual short form.")


def check_binding(metadata: Mapping[str, Any], bindings: frozenset[str]) -> None:
    """:raises ValueError: if the tokens cannot be bound here as the client says"""
    if metadata.get(DPOP) and metadata.get(MTLS):
        raise ValueError("Tokens are bound to one key, by DPoP or by a certificate.")
    binding = token_binding_of(metadata)
    if binding not in bindings:
        raise ValueError(f"Tokens are not bound by {binding} here.")
