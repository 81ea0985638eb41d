"""What the suite checks of every answer, whatever the module is about."""

import re
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import jwt
import requests

from .client import Client

ERROR_MEMBERS = {"error", "error_description", "error_uri", "state", "session_state", "iss"}
# OpenID Connect Core §2 and §3.3.2.11; sid only where the client hears of logouts.
ID_TOKEN_CLAIMS = {
    *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp"),
    *("at_hash", "c_hash", "s_hash"),
}
SCOPE_CLAIMS = {
    "openid": {"sub"},
    "profile": {
        *("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username"),
        *("profile", "picture", "website", "gender", "birthdate", "zoneinfo", "locale"),
        "updated_at",
    },
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
}
_TYPES: dict[str, type] = {
    "email_verified": bool,
    "phone_number_verified": bool,
    "updated_at": int,
    "address": dict,
}


def check_error(answer: dict[str, str], *allowed: str) -> None:
    """An error that went back to the client."""
    assert answer.get("error") in allowed, answer
    assert answer.keys() <= ERROR_MEMBERS
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", answer.get("error_description", ""))


def check_id_token(
    client: Client,
    keys: jwt.PyJWKSet,
    token: str,
    *,
    nonce: str | None,
    requested: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """The claims, after everything that is true of any ID token. `requested`: claims beyond the token's own."""
    header = jwt.get_unverified_header(token)
    expected = client.registration.get("id_token_signed_response_alg", "RS256")
    assert header["alg"] == expected
    claims: dict[str, Any] = jwt.decode(
        token,
        keys[header["kid"]],
        algorithms=[expected],
        audience=client.identifier,
        issuer=client.metadata["issuer"],
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    now = time.time()
    assert claims["iat"] <= now + 5 < claims["exp"]
    assert claims.get("azp", client.identifier) == client.identifier
    assert claims["sub"].isascii()
    assert 0 < len(claims["sub"]) <= 255
    assert claims.get("nonce") == nonce
    hears = client.registration.keys() & {"frontchannel_logout_uri", "backchannel_logout_uri"}
    allowed = ID_TOKEN_CLAIMS | requested | ({"sid"} if hears else set())
    assert claims.keys() <= allowed, claims.keys() - allowed
    check_standard_claims(claims)
    return claims


def check_half_hash(claims: dict[str, Any], member: str, value: str) -> None:
    """at_hash or c_hash, of a token signed with RS256 or another algorithm with SHA-256."""
    half = sha256(value.encode()).digest()[:16]
    assert claims[member] == urlsafe_b64encode(half).rstrip(b"=").decode()


def check_standard_claims(claims: dict[str, Any]) -> None:
    """OpenID Connect Core §5.1: types, and nothing empty."""
    for name in claims.keys() & set().union(*SCOPE_CLAIMS.values()):
        value = claims[name]
        assert type(value) is _TYPES.get(name, str), (name, value)
        assert value is False or value, name
    assert re.fullmatch(r"\d{4}(-\d{2}-\d{2})?", claims.get("birthdate", "2000"))
    assert 0 < claims.get("updated_at", 1) <= time.time() + 5
    known = {"formatted", "street_address", "locality", "region", "postal_code", "country"}
    assert claims.get("address", {}).keys() <= known


def check_tokens(response: requests.Response) -> dict[str, Any]:
    """A success of the token endpoint."""
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("application/json")
    assert "no-store" in response.headers["Cache-Control"]
    tokens: dict[str, Any] = response.json()
    assert tokens["token_type"].lower() == "bearer"
    assert type(tokens["expires_in"]) is int
    assert tokens["expires_in"] > 0
    # RFC 6749 A.12 and A.17; at least 128 random bits.
    for name in tokens.keys() & {"access_token", "refresh_token"}:
        assert re.fullmatch(r"[\x20-\x7E]{22,}", tokens[name])
    return tokens


def check_token_error(response: requests.Response, error: str) -> None:
    assert response.status_code == 400, response.text
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["error"] == error
    assert response.json().keys() <= {"error", "error_description", "error_uri"}


def check_userinfo(response: requests.Response, subject: str) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"].startswith("application/json")
    claims: dict[str, Any] = response.json()
    assert claims["sub"] == subject
    assert not claims.keys() & {"_claim_names", "_claim_sources"}
    check_standard_claims(claims)
    return claims
