"""DPoP proofs as clients make them, right ones and wrong ones (RFC 9449 §4.2)."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from itertools import count
from typing import Any

from fakes.signing_keys import signing_key
from jwt.api_jws import PyJWS
from protocol.jose.algorithms import encode
from protocol.jose.keys import SigningKey

_numbers = count(1)


def public_jwk(key: SigningKey) -> dict[str, Any]:
    """The key as it stands in a proof: nothing but its members."""
    return {name: key.public.jwk[name] for name in key.public.jwk.keys() - {"kid", "use", "alg"}}


def proof(
    method: str,
    address: str,
    now: int,
    *,
    key: SigningKey | None = None,
    access_token: str | None = None,
    header: dict[str, Any] | None = None,
    **claims: Any,
) -> str:
    """A proof for a request; a member of header or claims that is None is left out."""
    key = key or signing_key("ES256")
    members: dict[str, Any] = {
        "jti": f"proof-{next(_numbers)}",
        "htm": method,
        "htu": address,
        "iat": now,
    }
    if access_token is not None:
        members["ath"] = encode(sha256(access_token.encode()).digest())
    head = {"typ": "dpop+jwt", "jwk": public_jwk(key)} | (header or {})
    return PyJWS().encode(
        json.dumps(_without_none(members | claims)).encode(),
        key.private,  # type: ignore[arg-type]
        algorithm=key.public.algorithm,
        headers=head,
    )


def _without_none(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def with_header(token: str, **changes: Any) -> str:
    """The token with other members in its header, so no longer signed; None leaves one out."""
    first, _, rest = token.partition(".")
    header = json.loads(_decode(first))
    text = json.dumps(_without_none(header | changes))
    return f"{encode(text.encode())}.{rest}"


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
