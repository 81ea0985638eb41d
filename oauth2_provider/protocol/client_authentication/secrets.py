"""Checking a client secret, whichever way it travelled (RFC 6749 §2.3.1)."""

from __future__ import annotations

from ..entities import Client
from ..secret_hashing import hash_secret, is_same_hash
from ..server import Context
from . import Credentials

# The client may pick either transport for the one secret it has (RFC 6749 §2.3.1).
SERVES = frozenset({"client_secret_basic", "client_secret_post"})
_NO_SECRET = "0" * 64


def verify_secret(context: Context, client: Client | None, credentials: Credentials) -> bool:
    """Whether the secret is one of the client's, not expired; an unknown client costs the same time."""
    presented = hash_secret(credentials.secret)
    known = [
        secret.secret_hash
        for secret in (client.secrets if client else ())
        if secret.expires_at is None or context.now < secret.expires_at
    ]
    results = [is_same_hash(presented, secret_hash) for secret_hash in known or [_NO_SECRET]]
    return any(results)
