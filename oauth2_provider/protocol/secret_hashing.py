"""How machine secrets are made, stored and compared.

Codes, tokens and client secrets hold 256 random bits, so one round of SHA-256 is enough and costs a microsecond. The
prefix says which kind of secret it is: a value of one kind can never be looked up as another, and scanners for leaked
secrets can recognise ours.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from .ports import Randomness

ACCESS_TOKEN_PREFIX = "o2a_"
REFRESH_TOKEN_PREFIX = "o2r_"
CODE_PREFIX = "o2c_"
REGISTRATION_TOKEN_PREFIX = "o2g_"
INITIAL_ACCESS_TOKEN_PREFIX = "o2i_"
PUSHED_REQUEST_PREFIX = "o2p_"


def new_secret(prefix: str, randomness: Randomness) -> tuple[str, str]:
    """Return a fresh secret and the hash to store."""
    secret = prefix + randomness.token()
    return secret, hash_secret(secret)


def new_identifier(randomness: Randomness) -> str:
    """A name that nobody can guess or count, for what a client or resource server may know but not open."""
    return randomness.token()


def hash_secret(secret: str) -> str:
    """SHA-256 in hex; unpaired surrogates, which no secret of ours holds, hash without failing."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_same_hash(left: str, right: str) -> bool:
    return hmac.compare_digest(left, right)
