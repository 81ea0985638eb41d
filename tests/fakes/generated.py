"""What strangers send, drawn at random: text, JSON, tokens, keys, addresses.

Since random text rarely gets past the first look, it is made of pieces that each parser knows. JSON is drawn as trees
of the names that a parser looks for, with values of every kind.
"""

from __future__ import annotations

import json
import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from protocol.standard_parts import STANDARD_PARTS

# A few each time; `make fuzz` draws many.
EXAMPLES = int(os.environ.get("OAUTH2_PROVIDER_EXAMPLES", "12"))
SEQUENCES = max(EXAMPLES, 120)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary()
).map(lambda value: value if not isinstance(value, bytes) else value.hex())


def words(*pieces: str) -> st.SearchStrategy[str]:
    """Text out of pieces that mean something, and of anything else."""
    piece = st.sampled_from(pieces) | st.text(max_size=4)
    return st.lists(piece, max_size=8).map("".join) | st.text()


def trees(*names: str, values: st.SearchStrategy[Any] = SCALARS) -> st.SearchStrategy[Any]:
    """JSON with these names in it."""
    key = st.sampled_from(names) | st.text(max_size=5)
    return st.recursive(
        values,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(key, inner, max_size=6),
        max_leaves=12,
    )


def documents(*names: str, **options: Any) -> st.SearchStrategy[str]:
    written = trees(*names, **options).map(json.dumps)
    return written | words("{", "}", "[", "]", '"', ":", ",", "NaN", "1e999", *names)


def encoded(value: Any) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


HEADER = trees(
    *("alg", "typ", "kid", "crit", "jwk", "jku", "x5u", "b64", "zip", "enc"),
    values=SCALARS | st.sampled_from(["ES256", "RS256", "none", "HS256", "at+jwt", "dpop+jwt"]),
)
CLAIMS = trees("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "htm", "htu", "ath", "nonce")
PART = (HEADER | CLAIMS).map(encoded) | st.binary(max_size=20).map(
    lambda value: urlsafe_b64encode(value).decode()
)
TOKENS = st.lists(PART, max_size=5).map(".".join) | words(".", "eyJ", "e30", "=", "{}")
KEYS = trees(
    *("keys", "kty", "crv", "x", "y", "n", "e", "d", "alg", "use", "kid", "key_ops", "k", "x5c"),
    values=SCALARS | st.sampled_from(["RSA", "EC", "OKP", "oct", "P-256", "Ed25519", "AQAB", "AA"]),
)
ADDRESS = words(
    *("https://", "http://", "app.example.com", "127.0.0.1", "[::1]", "localhost", "//", "@", ":"),
    *(":443", "/cb", "?", "a=b", "#", "%2e", "..", "com.example:", "\\", "javascript:", "xn--"),
)
SENT = {
    **dict.fromkeys(("redirect_uri", "resource", "request_uri", "audience"), ADDRESS),
    **dict.fromkeys(("request", "client_assertion", "id_token_hint", "assertion"), TOKENS),
    **dict.fromkeys(("subject_token", "actor_token", "token"), TOKENS),
    "claims": documents("userinfo", "id_token", "acr", "sub", "value", "values", "essential"),
    "authorization_details": documents("type", "locations", "actions", "datatypes", "identifier"),
    "scope": words("openid", "email", " ", "offline_access", '"', "\\"),
    "ui_locales": words("de", "-", "en-US", " ", "x-"),
    "user_code": words("BCDF", "-", "GHJK", " "),
    "max_age": words("0", "-1", "9999999999", "1e3", "٣"),
    "prompt": words("none", " ", "login", "consent", "create"),
    "response_type": words("code", " ", "token", "id_token"),
    "response_mode": words("query", "fragment", "form_post", ".jwt", "jwt"),
    "grant_type": st.sampled_from(sorted(STANDARD_PARTS.grants)) | st.text(max_size=9),
    "code_verifier": words("v" * 43, "~", "ü"),
    "client_id": st.sampled_from(["web", "native", "other-odoo", "bank"]) | ADDRESS,
}
NAMES = [*sorted(SENT), "state", "nonce", "code", "refresh_token", "device_code", "rid", "consent"]


METADATA = trees(
    *("redirect_uris", "client_name", "client_name#de", "jwks", "jwks_uri", "logo_uri", "scope"),
    *("response_types", "grant_types", "token_endpoint_auth_method", "application_type"),
    *("subject_type", "default_max_age", "require_auth_time", "keys", "contacts"),
    values=SCALARS | ADDRESS | st.sampled_from(["code", "implicit", "web", "native", "pairwise"]),
)
PIECES = words("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "\n", "%0A", ":", "MII")
CERTIFICATES = PIECES | st.binary(max_size=60).map(lambda der: b64encode(der).decode())

# What a member can be changed into. LEFT_OUT and DEEP stand for what Python cannot write as they are.
LEFT_OUT, DEEP = "left out", "deep"
ODD = (
    SCALARS
    | st.sampled_from(
        [
            *(LEFT_OUT, LEFT_OUT, None, None, DEEP, "\0", "a\0", "\ud800", "", "٣", "é" * 300),
            *(2**53, -(2**70), 10**400, -1, 0, 1e308, float("nan"), float("inf"), True),
            *([], {}, [[]], [{}], [None], ["a", 1], {"a": {"b": []}}, {"\0": 1}, ["\ud800"]),
        ]
    )
    | trees("a", "alg", "values", "keys")
)


def changes(*names: str, values: st.SearchStrategy[Any] = ODD) -> st.SearchStrategy[dict[str, Any]]:
    """Other values for a few of the members."""
    return st.dictionaries(st.sampled_from(names), values | ODD, max_size=3)


def written(right: Mapping[str, Any], changed: Mapping[str, Any]) -> bytes:
    """The JSON object with other values in it, as it is sent."""
    members = {**right, **changed}
    members = {name: value for name, value in members.items() if value is not LEFT_OUT}
    return json.dumps(members).replace(f'"{DEEP}"', "[" * 900 + "]" * 900).encode()


# A registration that would do, and what its members can be changed into.
REGISTRATION: dict[str, Any] = {
    "redirect_uris": ["https://app.example.com/cb"],
    "client_name": "App",
    "scope": "openid",
    "response_types": ["code"],
    "grant_types": ["authorization_code", "refresh_token"],
    "token_endpoint_auth_method": "client_secret_basic",
    "contacts": ["ada@example.com"],
}
_WORDS = ADDRESS | st.sampled_from(
    [
        *("code", "implicit", "web", "native", "pairwise", "private_key_jwt", "tls_client_auth"),
        *("https://app.example.com/sector", "com.example:/cb", "http://127.0.0.1/cb", "CN=a"),
        *("authorization_code", "code id_token", "openid email", "ES256", "none"),
    ]
)
MEMBER_VALUES = _WORDS | st.lists(_WORDS | ODD, max_size=3) | KEYS
