"""Keys: made, read from PEM and shown as JWK with their thumbprint as name (RFC 7517, RFC 7638, RFC 8037)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from .algorithms import ALGORITHMS, encode

RSA_BITS = 2048
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
# RFC 7638 §3.2, RFC 8037 §2: what a thumbprint is made of.
_THUMBPRINT_MEMBERS = {
    "RSA": ("e", "kty", "n"),
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
}


@dataclass(frozen=True)
class VerificationKey:
    """A public key for one algorithm: with one key for several, a weakness of one would reach the others.

    ``kid``: empty if its owner gave it no name; ours always have one.
    """

    kid: str
    algorithm: str
    key: PublicKey = field(compare=False)
    jwk: Mapping[str, str] = field(compare=False)


@dataclass(frozen=True)
class SigningKey:
    """A private key together with its public half."""

    private: PrivateKey = field(repr=False, compare=False)
    public: VerificationKey


def generate_pem(algorithm: str) -> str:
    """A fresh private key for the algorithm: PKCS #8 PEM without passphrase."""
    key_type = ALGORITHMS[algorithm].key_type
    key: PrivateKey
    if key_type == "RSA":
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    elif key_type == "EC":
        key = ec.generate_private_key(ec.SECP256R1())
    else:
        key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode("ascii")


@lru_cache(maxsize=256)
def load_signing_key(pem: str, algorithm: str) -> SigningKey:
    """The key of a private PEM. Kept, since parsing an RSA key costs as much as a hundred signatures.

    :raises ValueError: if it is no private key for the algorithm
    """
    key: Any = serialization.load_pem_private_key(pem.encode("ascii"), password=None)
    return SigningKey(key, verification_key_of(key.public_key(), algorithm))


@lru_cache(maxsize=256)
def load_verification_key(pem: str, algorithm: str) -> VerificationKey:
    """The key of a public PEM.

    :raises ValueError: if it is no public key for the algorithm
    """
    key: Any = serialization.load_pem_public_key(pem.encode("ascii"))
    return verification_key_of(key, algorithm)


def public_pem(private_pem: str, algorithm: str) -> str:
    """The public half of a private PEM, as PEM."""
    return (
        load_signing_key(private_pem, algorithm)
        .public.key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        .decode("ascii")
    )


def thumbprint(members: Mapping[str, str]) -> str:
    """The SHA-256 thumbprint of a JWK (RFC 7638 §3)."""
    wanted = {name: members[name] for name in _THUMBPRINT_MEMBERS[members["kty"]]}
    text = json.dumps(wanted, sort_keys=True, separators=(",", ":"))
    return encode(sha256(text.encode()).digest())


def verification_key_of(key: PublicKey, algorithm: str) -> VerificationKey:
    """The key with its name and JWK.

    :raises ValueError: if it is too short, or no key for the algorithm
    """
    members = _public_members(key)
    expected = ALGORITHMS[algorithm]
    if (members["kty"], members.get("crv")) != (expected.key_type, expected.curve):
        raise ValueError(f"The key is not one for {algorithm}.")
    kid = thumbprint(members)
    return VerificationKey(
        kid, algorithm, key, members | {"kid": kid, "use": "sig", "alg": algorithm}
    )


def _public_members(key: PublicKey) -> dict[str, str]:
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < RSA_BITS:
            raise ValueError("The RSA key is too short.")
        numbers = key.public_numbers()
        return {"kty": "RSA", "n": _encode_integer(numbers.n), "e": _encode_integer(numbers.e)}
    if isinstance(key, ec.EllipticCurvePublicKey):
        point = key.public_numbers()
        curve = {"secp256r1": "P-256"}.get(key.curve.name, key.curve.name)
        # RFC 7518 §6.2.1.2: coordinates keep their leading zeros.
        size = (key.curve.key_size + 7) // 8
        return {
            "kty": "EC",
            "crv": curve,
            "x": _encode_integer(point.x, size),
            "y": _encode_integer(point.y, size),
        }
    if isinstance(key, ed25519.Ed25519PublicKey):
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return {"kty": "OKP", "crv": "Ed25519", "x": encode(raw)}
    raise ValueError("The key is of an unknown type.")


def _encode_integer(value: int, size: int | None = None) -> str:
    return encode(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))
