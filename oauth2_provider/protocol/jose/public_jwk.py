"""Public keys of others, as they send or register them (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from .keys import PublicKey, VerificationKey, verification_key_of

# RFC 7518 §6.2.2, §6.3.2, §6.4.1: whoever shows us one of these has lost the key.
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,2048}")
# Larger ones only serve to keep us busy.
_MAXIMUM_RSA_BITS = 8192
_MAXIMUM_EXPONENT_BITS = 32


def load_public_jwk(jwk: Mapping[str, Any], algorithm: str) -> VerificationKey:
    """The key of a public JWK, for one algorithm of ``ALGORITHMS``.

    Its name is its thumbprint, whatever ``kid`` the JWK has; ``use`` and ``alg`` are left to the caller.

    :raises ValueError: if it is no public key for the algorithm, or holds a private part
    """
    if _PRIVATE_MEMBERS & jwk.keys():
        raise ValueError("The key is not a public one.")
    return verification_key_of(public_key_of(jwk), algorithm)


def public_key_of(jwk: Mapping[str, Any]) -> PublicKey:
    """The key itself, of a kind that we know.

    :raises ValueError: if it is of another kind or malformed
    """
    key_type = jwk.get("kty")
    if key_type == "RSA":
        modulus, exponent = _integer(jwk, "n"), _integer(jwk, "e")
        if (
            modulus.bit_length() > _MAXIMUM_RSA_BITS
            or exponent.bit_length() > _MAXIMUM_EXPONENT_BITS
        ):
            raise ValueError("The RSA key is too long.")
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    if (key_type, jwk.get("crv")) == ("EC", "P-256"):
        point = ec.EllipticCurvePublicNumbers(
            _integer(jwk, "x"), _integer(jwk, "y"), ec.SECP256R1()
        )
        return point.public_key()
    if (key_type, jwk.get("crv")) == ("OKP", "Ed25519"):
        return ed25519.Ed25519PublicKey.from_public_bytes(_octets(jwk, "x"))
    raise ValueError("The key is of an unknown type.")


def _integer(jwk: Mapping[str, Any], name: str) -> int:
    return int.from_bytes(_octets(jwk, name), "big")


def _octets(jwk: Mapping[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str) or not _BASE64URL.fullmatch(value):
        raise ValueError(f"The member {name} of the key is malformed.")
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))
