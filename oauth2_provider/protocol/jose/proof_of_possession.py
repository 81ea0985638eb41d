"""Tokens that show their own public key: whoever signed them holds the private half (RFC 9449 §4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .public_jwk import load_public_jwk
from .verify import InvalidToken, read_header, signed_claims


def verify_with_own_key(
    token: str, *, typ: str, algorithms: Iterable[str]
) -> tuple[Mapping[str, Any], str]:
    """The claims, and the thumbprint of the key that signed them (RFC 7638).

    :raises InvalidToken: if it is not such a token, or not signed by the key it shows
    """
    header = read_header(token, (typ,))
    algorithm, jwk = header.get("alg"), header.get("jwk")
    if not isinstance(algorithm, str) or algorithm not in tuple(algorithms):
        raise InvalidToken("The token is signed in a way that is not accepted.")
    if not isinstance(jwk, dict):
        raise InvalidToken("The token shows no key.")
    try:
        key = load_public_jwk(jwk, algorithm)
    except ValueError as error:
        raise InvalidToken("The key in the token is not accepted.") from error
    return signed_claims(token, key), key.kid
