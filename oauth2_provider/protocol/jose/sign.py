"""Signing JSON Web Tokens (RFC 7515 §5.1, RFC 7519)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jwt.api_jws import PyJWS

from .keys import SigningKey

_JWS = PyJWS()
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def sign(claims: Mapping[str, Any], key: SigningKey, *, typ: str = "JWT") -> str:
    """The claims as a signed token in compact form; its header names the key.

    :param typ: what kind of token it is, so that none passes for another (RFC 8725 §3.11)
    """
    payload = _ENCODER.encode(claims).encode()
    return _JWS.encode(
        payload,
        key.private,
        algorithm=key.public.algorithm,
        headers={"typ": typ, "kid": key.public.kid},
    )
