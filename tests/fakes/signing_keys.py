"""The server's keys, made once for all tests, as making an RSA key takes a while."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from protocol.jose.algorithms import ALGORITHMS
from protocol.jose.keys import SigningKey, VerificationKey, generate_pem, load_signing_key


@cache
def signing_key(algorithm: str) -> SigningKey:
    return load_signing_key(generate_pem(algorithm), algorithm)


class MemorySigningKeys:
    """One key for each algorithm."""

    def signing_key(self, algorithm: str) -> SigningKey:
        return signing_key(algorithm)

    def published_keys(self) -> Sequence[VerificationKey]:
        return [signing_key(algorithm).public for algorithm in ALGORITHMS]
