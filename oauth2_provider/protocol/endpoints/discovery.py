"""The metadata document (OpenID Connect Discovery §3 and §4, RFC 8414 §2 and §3).

It is built from the parts and settings that the server runs with, so it cannot promise what is not there. A sibling
add-on adds a function to ``Parts.metadata``.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from .. import pkce
from ..authorization_request.prompt import prompt_values
from ..claims import SCOPE_CLAIMS
from ..client_authentication import offered_methods
from ..errors import OAuthError
from ..jose.algorithms import ALGORITHMS
from ..parts import Endpoint
from ..request_checks import check_method
from ..security_profiles import PROFILES
from ..server import AuthorizationServer, Context
from ..subject import SUBJECT_TYPES
from .json_error import json_error
from .public_document import public_document

WELL_KNOWN = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")
# Claims that the ID token itself holds, besides those of the scopes.
_OWN_CLAIMS = ("sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "azp", "nonce")
ENDPOINTS = {
    "authorization": ("authorization_endpoint", "/oauth2/authorize"),
    "pushed_authorization_request": ("pushed_authorization_request_endpoint", "/oauth2/par"),
    "device_authorization": ("device_authorization_endpoint", "/oauth2/device_authorization"),
    "token": ("token_endpoint", "/oauth2/token"),
    "userinfo": ("userinfo_endpoint", "/oauth2/userinfo"),
    "jwks": ("jwks_uri", "/oauth2/jwks"),
    "revocation": ("revocation_endpoint", "/oauth2/revoke"),
    "introspection": ("introspection_endpoint", "/oauth2/introspect"),
}


def check_issuer_of_address(context: Context) -> None:
    """RFC 8414 §3.1: what stands behind the well-known name is the path of the issuer, or nothing."""
    path = context.request.path.rstrip("/")
    allowed = {name + rest for name in WELL_KNOWN for rest in ("", context.settings.issuer_path)}
    if path not in allowed:
        raise OAuthError("invalid_request", "There is no such issuer here.", status=404)


def answer_metadata(context: Context) -> None:
    server = context.server
    document: dict[str, Any] = {"issuer": server.settings.issuer}
    for part in server.parts.metadata:
        # RFC 8414 §3.2: a list without elements is left out.
        document |= {name: value for name, value in part(server).items() if value != []}
    context.response = public_document(context.request, document)


def endpoint_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    """Where the endpoints are."""
    return {
        member: server.settings.issuer + path
        for name, (member, path) in ENDPOINTS.items()
        if name in server.parts.endpoints
    }


def authorization_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    """What the authorization endpoint can do."""
    members: dict[str, Any] = {
        "response_types_supported": _response_types(server),
        "response_modes_supported": list(server.parts.response_modes),
        "scopes_supported": _scopes(server),
        "code_challenge_methods_supported": list(pkce.METHODS),
        "authorization_response_iss_parameter_supported": True,
        "authorization_details_types_supported": list(server.settings.authorization_details_types),
        "ui_locales_supported": list(server.settings.ui_locales),
    }
    if any(mode.is_signed for mode in server.parts.response_modes.values()):
        members["authorization_signing_alg_values_supported"] = list(ALGORITHMS)
    if "pushed_authorization_request" in server.parts.endpoints:
        # RFC 9126 §5: of the whole server; what a single client must do is part of its registration.
        members["require_pushed_authorization_requests"] = False
    return members


def token_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    """What the token endpoint and its siblings can do."""
    has_implicit = any(
        "token" in value.split() or value == "id_token" for value in _response_types(server)
    )
    methods = [method.name for method in offered_methods(server)]
    members: dict[str, Any] = {
        "grant_types_supported": [*server.parts.grants, *(["implicit"] if has_implicit else [])],
        "token_endpoint_auth_methods_supported": methods,
    }
    endpoints = ["token"]
    if "revocation" in server.parts.endpoints:
        endpoints.append("revocation")
        members["revocation_endpoint_auth_methods_supported"] = methods
    if "introspection" in server.parts.endpoints:
        endpoints.append("introspection")
        # RFC 7662 §2.1: a public client may not ask.
        members["introspection_endpoint_auth_methods_supported"] = [
            name for name in methods if name != "none"
        ]
        if server.settings.has_resource_servers:
            members["introspection_signing_alg_values_supported"] = list(ALGORITHMS)
    if "private_key_jwt" in methods:
        members |= {
            f"{name}_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS)
            for name in endpoints
        }
    return members


def openid_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    """What concerns ID tokens, UserInfo and the login."""
    supported = frozenset(server.settings.scopes_supported)
    claims = {name for scope in supported & SCOPE_CLAIMS.keys() for name in SCOPE_CLAIMS[scope]}
    if "end_session" in server.parts.endpoints:
        claims.add("sid")
    return {
        "subject_types_supported": list(SUBJECT_TYPES),
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "userinfo_signing_alg_values_supported": list(ALGORITHMS),
        "acr_values_supported": [name for name, _methods in server.settings.acr_levels],
        "prompt_values_supported": prompt_values(server.ports.end_users),
        "claim_types_supported": ["normal"],
        "claims_supported": [*_OWN_CLAIMS, *sorted(claims)],
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": True,
        "require_request_uri_registration": True,
        "request_object_signing_alg_values_supported": list(ALGORITHMS),
    }


def _scopes(server: AuthorizationServer) -> list[str]:
    """Those of our own resources as well (RFC 9728 §2 names them there again)."""
    own = [sorted(resource.scope or ()) for resource in server.settings.own_resources]
    return list(dict.fromkeys([*server.settings.scopes_supported, *chain.from_iterable(own)]))


def _response_types(server: AuthorizationServer) -> list[str]:
    """Those of all security profiles together, as far as their parts are there; code first."""
    offered = frozenset[str]().union(*(profile.response_types for profile in PROFILES.values()))
    parts = server.parts.response_types.keys()
    possible = [value for value in offered if set(value.split()) <= parts]
    return sorted(possible, key=lambda value: (len(value.split()), value))


DISCOVERY = Endpoint(
    context=Context,
    steps=(check_method("GET", "HEAD"), check_issuer_of_address, answer_metadata),
    error_response=json_error,
)
