"""A client of OpenID Connect from before PKCE, and what it reads out of ID tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fakes.registrations import CLIENT
from fakes.signing_keys import MemorySigningKeys
from protocol.jose.verify import verify
from protocol.security_profiles import PROFILES

OPENID_CLIENT = replace(
    CLIENT,
    security_profile="oidc",
    response_types=PROFILES["oidc"].response_types,
    grant_types=PROFILES["oidc"].grant_types,
)


def openid_request(**changes: str) -> dict[str, str]:
    """The parameters of an authorization request of ``OPENID_CLIENT``."""
    return {
        "response_type": "code",
        "client_id": "web",
        "redirect_uri": "https://app.example.com/cb",
        "scope": "openid",
        "state": "st",
        "nonce": "n",
    } | changes


def read(id_token: str) -> Mapping[str, Any]:
    return verify(id_token, MemorySigningKeys().published_keys())
