"""What is sent and answered as JSON, in the words of OpenAPI: members that are always there, and those that may be."""

from typing import Any

Node = dict[str, Any]

TEXT: Node = {"type": "string"}
_KINDS: dict[str, Node] = {
    "": TEXT,
    "uri": {"type": "string", "format": "uri"},
    "integer": {"type": "integer"},
    "number": {"type": "integer", "minimum": 0},
    "boolean": {"type": "boolean"},
    "object": {"type": "object"},
    "strings": {"type": "array", "items": TEXT},
    "uris": {"type": "array", "items": {"type": "string", "format": "uri"}},
    "objects": {"type": "array", "items": {"type": "object"}},
    "audience": {"oneOf": [TEXT, {"type": "array", "items": TEXT}]},
}
# Name of an answer: its members, each with its kind unless that is text; * for those that are always there.
ANSWERS = {
    # RFC 6749 §5.1, RFC 8693 §2.2.1, RFC 9396 §7, OpenID Connect Core §3.1.3.3
    "Tokens": """
        access_token* token_type* expires_in*:number scope* refresh_token id_token issued_token_type
        authorization_details:objects
    """,
    # RFC 7662 §2.2, RFC 9470 §6.2, RFC 8693 §4
    "Introspection": """
        active*:boolean iss:uri sub client_id scope exp:number iat:number aud:audience token_type auth_time:number acr
        amr:strings authorization_details:objects act:object cnf:object
    """,
    # OpenID Connect Core §5.1 and §5.3.2
    "UserInfo": """
        sub* name given_name family_name middle_name nickname preferred_username profile:uri picture:uri website
        email email_verified:boolean gender birthdate zoneinfo locale phone_number phone_number_verified:boolean
        address:object updated_at:number
    """,
    "TokenInfo": "sub* user_id* client_id* aud* scope* expires_in*:number name email",
    # RFC 9126 §2.2
    "PushedRequest": "request_uri* expires_in*:number",
    # RFC 8628 §3.2
    "DeviceCodes": """
        device_code* user_code* verification_uri*:uri verification_uri_complete:uri expires_in*:number interval:number
    """,
    # RFC 8414 §2, OpenID Connect Discovery §3
    "ServerMetadata": """
        issuer*:uri authorization_endpoint*:uri token_endpoint*:uri jwks_uri*:uri response_types_supported*:strings
        subject_types_supported*:strings id_token_signing_alg_values_supported*:strings scopes_supported:strings
        grant_types_supported:strings response_modes_supported:strings claims_supported:strings
        code_challenge_methods_supported:strings token_endpoint_auth_methods_supported:strings
    """,
    # RFC 9728 §2
    "ResourceMetadata": """
        resource*:uri authorization_servers*:strings resource_name scopes_supported:strings
        bearer_methods_supported:strings dpop_signing_alg_values_supported:strings
        tls_client_certificate_bound_access_tokens:boolean
    """,
    # RFC 7517 §5
    "Keys": "keys*:objects",
    # RFC 7591 §3.2.1, RFC 7592 §3
    "Registration": """
        client_id* client_id_issued_at*:number registration_access_token* registration_client_uri*:uri client_secret
        client_secret_expires_at:number redirect_uris*:strings client_name scope
    """,
    # RFC 7009 §2.2: its status says it all.
    "Nothing": "",
    # RFC 6749 §5.2
    "Error": "error* error_description* error_uri:uri",
}

# Members of client metadata, by their kind.
METADATA = {
    "": """
        client_name scope token_endpoint_auth_method application_type subject_type software_id software_version
        id_token_signed_response_alg userinfo_signed_response_alg request_object_signing_alg
        authorization_signed_response_alg introspection_signed_response_alg token_endpoint_auth_signing_alg
        tls_client_auth_subject_dn tls_client_auth_san_dns tls_client_auth_san_uri tls_client_auth_san_ip
        tls_client_auth_san_email client_id client_secret
    """,
    "uri": """
        client_uri logo_uri policy_uri tos_uri jwks_uri sector_identifier_uri initiate_login_uri
        frontchannel_logout_uri backchannel_logout_uri
    """,
    "strings": "response_types grant_types contacts default_acr_values authorization_details_types",
    "uris": "redirect_uris request_uris post_logout_redirect_uris",
    "boolean": """
        require_auth_time require_signed_request_object require_pushed_authorization_requests
        dpop_bound_access_tokens tls_client_certificate_bound_access_tokens frontchannel_logout_session_required
        backchannel_logout_session_required
    """,
    "integer": "default_max_age",
    "object": "jwks",
}


def schemas() -> dict[str, Node]:
    """By name."""
    answers = {name: _schema(members.split()) for name, members in ANSWERS.items()}
    return answers | {"ClientMetadata": _client_metadata()}


def _schema(members: list[str]) -> Node:
    kinds = dict(member.partition(":")[::2] for member in members)
    required = [name.removesuffix("*") for name in kinds if name.endswith("*")]
    properties = {name.removesuffix("*"): _KINDS[kind] for name, kind in kinds.items()}
    return (
        {"type": "object"}
        | ({"required": required} if required else {})
        | ({"properties": properties} if properties else {})
    )


def _client_metadata() -> Node:
    return {
        "type": "object",
        "required": ["redirect_uris"],
        "properties": {
            name: _KINDS[kind] for kind, names in METADATA.items() for name in names.split()
        },
        "example": {"redirect_uris": ["https://app.example.com/cb"], "client_name": "App"},
    }
