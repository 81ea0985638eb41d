"""Modules of the config plan, the discovery modules of the logout plans, and the rotation of our keys."""

import re
from typing import Any
from urllib.parse import urlsplit

import requests

from e2e.harness.plain_http import TIMEOUT

from .suite import Suite

BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
RESPONSE_TYPES = {
    "code",
    "id_token",
    "id_token token",
    "code id_token",
    "code token",
    "code id_token token",
}


def keys_of(suite: Suite) -> list[dict[str, Any]]:
    """The key set, checked as the suite checks it before each module."""
    response = requests.get(suite.metadata["jwks_uri"], timeout=TIMEOUT)
    assert response.status_code == 200
    keys = response.json()["keys"]
    for key in keys:
        assert key["kty"] in {"RSA", "EC"}, "new keys of other types make the rotation module fail"
        members = {"RSA": ("n", "e"), "EC": ("x", "y")}[key["kty"]]
        assert all(BASE64URL.fullmatch(key[name]) for name in members)
        assert not key.keys() & {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
        assert key["use"] == "sig"
        assert key["alg"] in {"RS256", "PS256", "ES256"}
    identifiers = [key["kid"] for key in keys]
    assert len(set(identifiers)) == len(identifiers)
    return list(keys)


def test_oidcc_discovery_endpoint_verification(suite: Suite) -> None:
    response = requests.get(
        f"{suite.provider.url}/.well-known/openid-configuration", timeout=TIMEOUT
    )
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/json")
    metadata = response.json()
    assert metadata["issuer"] == suite.provider.url
    assert set(metadata["response_types_supported"]) >= RESPONSE_TYPES
    assert set(metadata["subject_types_supported"]) == {"public", "pairwise"}
    for name in ("id_token", "userinfo", "request_object"):
        assert "RS256" in metadata[f"{name}_signing_alg_values_supported"]
    for name in ("claims", "request", "request_uri"):
        assert metadata[f"{name}_parameter_supported"] is True
    assert set(metadata["grant_types_supported"]) >= {
        *("authorization_code", "implicit", "refresh_token"),
    }
    assert set(metadata["scopes_supported"]) >= {
        *("openid", "profile", "email", "address", "phone", "offline_access"),
    }
    assert metadata["claims_supported"]
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    assert set(metadata["token_endpoint_auth_methods_supported"]) >= {
        *("client_secret_basic", "client_secret_post", "private_key_jwt"),
    }
    assert keys_of(suite)


def test_addresses_are_https_and_values_well_formed(suite: Suite) -> None:
    """Part of the same module."""
    for name, value in suite.metadata.items():
        if name.endswith(("_endpoint", "_uri", "_iframe")) or name == "issuer":
            assert urlsplit(value).scheme == "https", name
    assert all(re.fullmatch(r"[!#-\[\]-~]+", scope) for scope in suite.metadata["scopes_supported"])
    for tag in suite.metadata["ui_locales_supported"]:
        # BCP 47 §2.1.1: language in lower case, script in title case, region in upper case
        assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?", tag), tag


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["end_session_endpoint"]


def test_oidcc_session_management_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["end_session_endpoint"]
    assert suite.metadata["check_session_iframe"]


def test_oidcc_frontchannel_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["frontchannel_logout_supported"] is True
    assert suite.metadata["frontchannel_logout_session_supported"] is True


def test_oidcc_backchannel_logout_discovery_endpoint_verification(suite: Suite) -> None:
    assert suite.metadata["backchannel_logout_supported"] is True
    assert suite.metadata["backchannel_logout_session_supported"] is True


def test_oidcc_server_rotate_keys(suite: Suite) -> None:
    """The button of the signing keys' list; old keys stay, and only keys come that the suite can read."""
    before = keys_of(suite)
    suite.provider.run("env['oauth2.provider.signing.key'].action_rotate()")
    after = keys_of(suite)
    names = {key["kid"] for key in before}
    assert names < {key["kid"] for key in after}
    new = [key for key in after if key["kid"] not in names]
    assert {key["kty"] for key in new} == {"RSA", "EC"}
