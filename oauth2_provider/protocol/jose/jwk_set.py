"""The JWK Set of a client: which of its keys can verify what (RFC 7517 §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from ..strict_json import parse_object
from .algorithms import ALGORITHMS
from .keys import VerificationKey
from .public_jwk import load_public_jwk

MAXIMUM_LENGTH = 65536
MAXIMUM_KEYS = 50
# Compared one by one: what a stranger calls a type may be anything, also what no set can hold.
_USABLE = tuple((algorithm.key_type, algorithm.curve) for algorithm in ALGORITHMS.values())


@dataclass(frozen=True)
class JwkSet:
    """``keys``: the JWKs as they came, those of kinds that we do not know too.

    ``verification_keys``: one for each algorithm that a key may be used with.
    """

    keys: tuple[Mapping[str, Any], ...] = field(repr=False)
    verification_keys: tuple[VerificationKey, ...]


@lru_cache(maxsize=256)
def load_jwk_set(text: str) -> JwkSet:
    """Read a JWK Set. Kept, since checking the keys costs more than the signatures that they verify.

    Keys of unknown kinds, and those that are not for signatures, are none of our business (RFC 7517 §5).

    :raises ValueError: with a sentence for whoever sent it, if it is no JWK Set, holds a private or symmetric key, or
        one that is too weak
    """
    keys = parse_object(text, maximum_length=MAXIMUM_LENGTH).get("keys")
    if not isinstance(keys, list) or not all(isinstance(jwk, dict) for jwk in keys):
        raise ValueError("A JWK Set has a list of keys.")
    if len(keys) > MAXIMUM_KEYS:
        raise ValueError("The JWK Set has too many keys.")
    for jwk in keys:
        if jwk.get("kty") == "oct" or "d" in jwk or "k" in jwk:
            raise ValueError("A key of the JWK Set is not a public one.")
    return JwkSet(tuple(keys), tuple(key for jwk in keys for key in _verification_keys(jwk)))


def _verification_keys(jwk: Mapping[str, Any]) -> Iterator[VerificationKey]:
    if (jwk.get("kty"), jwk.get("crv")) not in _USABLE or not _is_for_signatures(jwk):
        return
    for algorithm in ALGORITHMS.values():
        fits = (algorithm.key_type, algorithm.curve) == (jwk["kty"], jwk.get("crv"))
        if fits and jwk.get("alg") in (None, algorithm.name):
            # A kid is what its owner says it is; without one, the key is tried whatever a token names.
            yield replace(load_public_jwk(jwk, algorithm.name), kid=_kid_of(jwk))


def _is_for_signatures(jwk: Mapping[str, Any]) -> bool:
    operations = jwk.get("key_ops")
    return jwk.get("use") in (None, "sig") and (
        operations is None or (isinstance(operations, list) and "verify" in operations)
    )


def _kid_of(jwk: Mapping[str, Any]) -> str:
    kid = jwk.get("kid", "")
    if not isinstance(kid, str):
        raise ValueError("A kid is a text.")
    return kid
