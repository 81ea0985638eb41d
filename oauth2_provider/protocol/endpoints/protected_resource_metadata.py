"""What our own resources say of themselves: where their tokens come from, and which they take (RFC 9728)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ..dpop import ALGORITHMS
from ..entities.resource import Resource
from ..errors import OAuthError
from ..parts import Endpoint
from ..request_checks import check_method
from ..resource_indicators import own_resource
from ..server import AuthorizationServer, Context
from .json_error import json_error
from .public_document import public_document

WELL_KNOWN = "/.well-known/oauth-protected-resource"


def metadata_path(identifier: str) -> str:
    """RFC 9728 §3.1: the well-known name stands between the host and the path of the resource."""
    return WELL_KNOWN + urlsplit(identifier).path.rstrip("/")


def metadata_address(identifier: str) -> str:
    """Where the metadata of a resource is."""
    parts = urlsplit(identifier)
    return f"{parts.scheme}://{parts.netloc}{metadata_path(identifier)}"


def answer_metadata(context: Context) -> None:
    resources = (own_resource(context), *context.settings.own_resources)
    path = context.request.path.rstrip("/")
    for resource in resources:
        if metadata_path(resource.identifier) == path:
            document = _document(context.server, resource)
            context.response = public_document(context.request, document)
            return
    raise OAuthError("invalid_request", "There is no such resource here.", status=404)


def _document(server: AuthorizationServer, resource: Resource) -> dict[str, Any]:
    """RFC 9728 §2. Lists without elements are left out."""
    settings = server.settings
    members: dict[str, Any] = {
        "resource": resource.identifier,
        "resource_name": resource.name,
        "authorization_servers": [settings.issuer],
        "scopes_supported": sorted(resource.scope or settings.scopes_supported),
        "bearer_methods_supported": ["header"],
    }
    if settings.dpop:
        members["dpop_signing_alg_values_supported"] = list(ALGORITHMS)
    if settings.mtls:
        members["tls_client_certificate_bound_access_tokens"] = True
    return {name: value for name, value in members.items() if value}


PROTECTED_RESOURCE_METADATA = Endpoint(
    context=Context,
    steps=(check_method("GET", "HEAD"), answer_metadata),
    error_response=json_error,
)
