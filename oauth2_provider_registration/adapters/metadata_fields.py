"""Client metadata (RFC 7591 §2) as values of an application's fields."""

import json
from urllib.parse import urlsplit

from odoo import Command
from odoo.addons.oauth2_provider.protocol.client_registration.sender import (
    certificate_name_of,
    token_binding_of,
)

SAME_NAME = (
    "application_type",
    "authorization_signed_response_alg",
    "backchannel_logout_session_required",
    "backchannel_logout_uri",
    "client_uri",
    "default_max_age",
    "frontchannel_logout_session_required",
    "frontchannel_logout_uri",
    "id_token_signed_response_alg",
    "initiate_login_uri",
    "introspection_signed_response_alg",
    "jwks_uri",
    "policy_uri",
    "request_object_signing_alg",
    "require_auth_time",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "sector_identifier_uri",
    "subject_type",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "tos_uri",
    "userinfo_signed_response_alg",
)
ADDRESS_LISTS = {
    "redirect_uris": "redirect_uri_ids",
    "post_logout_redirect_uris": "post_logout_redirect_uri_ids",
    "request_uris": "request_uri_ids",
}


def client_values(clients, identifier, metadata, security_profile):
    """All fields that the metadata decides, those that it leaves out included."""
    values = {name: metadata.get(name, False) for name in SAME_NAME}
    kind, name = certificate_name_of(metadata) or ("subject_dn", False)
    scope = clients.env["oauth2.provider.scope"].search([("name", "in", metadata["scope"].split())])
    values |= {
        "name": metadata.get("client_name") or _host(metadata["redirect_uris"][0]) or identifier,
        "security_profile": security_profile,
        "scope_ids": [Command.set(scope.ids)],
        "jwks": json.dumps(metadata["jwks"], indent=2) if "jwks" in metadata else False,
        "default_acr_values": " ".join(metadata.get("default_acr_values", ())) or False,
        "certificate_name_kind": kind,
        "certificate_name": name,
        "token_binding": token_binding_of(metadata),
        "registration_metadata": json.dumps(metadata),
        **_flows(metadata, security_profile),
    }
    for member, name in ADDRESS_LISTS.items():
        values[name] = _addresses(metadata.get(member, ()))
    return values


def _host(uri):
    return urlsplit(uri).netloc


def _addresses(uris):
    return [Command.clear(), *(Command.create({"uri": uri}) for uri in uris)]


def _flows(metadata, security_profile):
    types = metadata["response_types"]
    return {
        "registered_response_types": "\n".join(types) if security_profile == "oidc" else False,
        "use_implicit": any(value.startswith("id_token") for value in types),
        "use_hybrid": any(value.startswith("code ") for value in types),
        "use_refresh_token": "refresh_token" in metadata["grant_types"],
    }
