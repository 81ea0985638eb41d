"""Checking a client secret, whichever way it travelled (RFC 6749 §2.3.1)."""

from __future__ import annotations

from ..entities.client import Client, ClientSecret
from ..parts import Credentials
from ..secret_hashing import hash_secret, is_same_hash
from ..server import Context

# The client may pick either transport for the one secret it has (RFC 6749 §2.3.1).
SERVES = frozenset({"client_secret_basic", "client_secret_post"})
_NO_SECRET = "0" * 64
# Administrators want to know which secret is still in use, not the minute: a write for each request is too dear.
_NOTE_USE_EVERY = 3600


def verify_secret(context: Context, client: Client | None, credentials: Credentials) -> bool:
    """Whether the secret is one of the client's, not expired; an unknown client costs the same time."""
    presented = hash_secret(credentials.secret)
    known = [
        secret
        for secret in (client.secrets if client else ())
        if secret.expires_at is None or context.now < secret.expires_at
    ]
    if not known:
        return is_same_hash(presented, _NO_SECRET)
    found = [secret for secret in known if is_same_hash(presented, secret.secret_hash)]
    for secret in found:
        _note_use(context, secret)
    return bool(found)


def _note_use(context: Context, secret: ClientSecret) -> None:
    if secret.last_used_at is None or context.now - secret.last_used_at >= _NOTE_USE_EVERY:
        context.ports.clients.note_secret_use(secret.id, context.now)
