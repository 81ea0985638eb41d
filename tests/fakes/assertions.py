"""A client with keys, and what it signs with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

from fakes.clock import START
from fakes.registrations import CLIENT
from jwt.api_jws import PyJWS
from protocol.client_authentication.private_key_jwt import ASSERTION_TYPE
from protocol.jose.keys import SigningKey, generate_pem, load_signing_key

ISSUER = "https://id.example.com"
JWKS_URI = "https://app.example.com/jwks"
_numbers = count()


def client_key(algorithm: str, owner: str = "app") -> SigningKey:
    return _key(algorithm, owner)


@cache
def _key(algorithm: str, _owner: str) -> SigningKey:
    return load_signing_key(generate_pem(algorithm), algorithm)


def jwk(algorithm: str, owner: str = "app", **changes: Any) -> dict[str, Any]:
    """A public key of the client; a member changed to None is left out."""
    members = {**client_key(algorithm, owner).public.jwk, **changes}
    return {name: value for name, value in members.items() if value is not None}


def jwk_set(*keys: Mapping[str, Any]) -> str:
    return json.dumps({"keys": list(keys)})


KEY_CLIENT = replace(
    CLIENT,
    secrets=(),
    token_endpoint_auth_method="private_key_jwt",
    jwks=jwk_set(jwk("ES256"), jwk("RS256", alg=None), jwk("EdDSA")),
)


def claims(**changes: Any) -> dict[str, Any]:
    """What an assertion says; a claim changed to None is left out."""
    values = {
        "iss": CLIENT.client_identifier,
        "sub": CLIENT.client_identifier,
        "aud": ISSUER,
        "exp": START + 60,
        "iat": START,
        "jti": f"number {next(_numbers)}",
    } | changes
    return {name: value for name, value in values.items() if value is not None}


def signed(
    content: Mapping[str, Any] | bytes,
    algorithm: str = "ES256",
    *,
    key: SigningKey | None = None,
    **header: Any,
) -> str:
    """A token of the client; a member of the header changed to None is left out."""
    signing = key or client_key("RS256" if algorithm == "PS256" else algorithm)
    headers = {"kid": signing.public.kid} | header
    return PyJWS().encode(
        content if isinstance(content, bytes) else json.dumps(content).encode(),
        signing.private,  # type: ignore[arg-type]
        algorithm=algorithm,
        headers={name: value for name, value in headers.items() if value is not None},
    )


def assertion_form(assertion: str) -> dict[str, str]:
    return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
