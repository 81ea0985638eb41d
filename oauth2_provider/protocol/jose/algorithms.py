"""The signature algorithms of the server (RFC 7518 §3, RFC 8037 §3.1); no none, no shared secrets."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Algorithm:
    """``key_type`` and ``curve`` as in a JWK; ``hash`` is the one inside the signature."""

    name: str
    key_type: str
    hash: Callable[[bytes], Any]
    curve: str | None = None


# EdDSA with Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
ALGORITHMS = {
    algorithm.name: algorithm
    for algorithm in (
        Algorithm("RS256", "RSA", hashlib.sha256),
        Algorithm("PS256", "RSA", hashlib.sha256),
        Algorithm("ES256", "EC", hashlib.sha256, "P-256"),
        Algorithm("EdDSA", "OKP", hashlib.sha512, "Ed25519"),
    )
}


def encode(value: bytes) -> str:
    """base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def half_hash(value: str, algorithm: str) -> str:
    """The left half of the hash of a code or token, as at_hash and c_hash hold it (OpenID Connect Core §3.1.3.6)."""
    digest: bytes = ALGORITHMS[algorithm].hash(value.encode("ascii")).digest()
    return encode(digest[: len(digest) // 2])
