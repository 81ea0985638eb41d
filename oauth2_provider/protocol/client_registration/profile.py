"""Which security profile a registered client gets: no standard has a word for it, so it goes by all that it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..security_profiles import PROFILES, SIGNED_BY_CLIENT, SIGNED_FOR_CLIENT
from .sender import token_binding_of

FAPI2 = PROFILES["fapi2"]
_ALWAYS_SIGNED = (
    "id_token_signed_response_alg",
    "authorization_signed_response_alg",
    "introspection_signed_response_alg",
)
_SIGNED = (*SIGNED_FOR_CLIENT, *SIGNED_BY_CLIENT)


def security_profile_of(metadata: Mapping[str, Any], *, allows_fapi2: bool) -> str:
    """The strictest profile that fits what the client says of itself.

    :param allows_fapi2: whether clients may get that one without an administrator
    """
    if allows_fapi2 and _fits_fapi2(metadata):
        return FAPI2.name
    is_code_only = metadata["response_types"] == ["code"]
    is_openid = "openid" in metadata.get("scope", "").split()
    is_public = metadata["token_endpoint_auth_method"] == "none"
    return "oauth21" if is_code_only and (is_public or not is_openid) else "oidc"


def set_algorithms(metadata: dict[str, Any], profile: str) -> None:
    """What is meant where nothing is said (OpenID Connect Registration §2, JARM §3, RFC 9701 §6); FAPI 2.0 §5.4 forbids
    that one."""
    algorithm = "ES256" if profile == FAPI2.name else "RS256"
    for name in _ALWAYS_SIGNED:
        metadata.setdefault(name, algorithm)


def _fits_fapi2(metadata: Mapping[str, Any]) -> bool:
    """Whether it does by itself all that FAPI 2.0 asks of a client."""
    return (
        metadata["response_types"] == ["code"]
        and set(metadata["grant_types"]) <= FAPI2.grant_types
        and metadata["application_type"] == "web"
        and bool(metadata.get("require_pushed_authorization_requests"))
        and token_binding_of(metadata) != "none"
        and FAPI2.allows_authentication(metadata["token_endpoint_auth_method"])
        and all(FAPI2.allows_algorithm(metadata[name]) for name in _SIGNED if name in metadata)
    )
