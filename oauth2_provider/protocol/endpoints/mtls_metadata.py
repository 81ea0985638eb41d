"""What the metadata says about client certificates (RFC 8705 §3.3 and §5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..server import AuthorizationServer
from .discovery import endpoint_metadata

# A browser comes there, and is asked for no certificate; the keys are for everybody.
_WITHOUT_CERTIFICATE = frozenset({"authorization_endpoint", "end_session_endpoint", "jwks_uri"})


def mtls_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    settings = server.settings
    if not settings.mtls:
        return {}
    members: dict[str, Any] = {"tls_client_certificate_bound_access_tokens": True}
    if settings.mtls_address:
        members["mtls_endpoint_aliases"] = {
            member: settings.mtls_address + address.removeprefix(settings.issuer)
            for member, address in endpoint_metadata(server).items()
            if member not in _WITHOUT_CERTIFICATE
        }
    return members
