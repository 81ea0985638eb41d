"""Counting failed proofs of clients over all workers (RFC 6819 §5.1.4.2).

A right proof is never looked up here: whoever guesses at a client's secret cannot lock the client out, and who knows
it pays nothing. A wrong one is told to wait once there have been many, and leaves no more rows behind.
"""

from __future__ import annotations

from collections import Counter

from ..errors import OAuthError
from ..secret_hashing import hash_secret
from ..server import Context

KIND = "client_authentication"
PERIOD = 600
# Within the period. A client that is set up wrongly and tries again stays below for a while.
CLIENT_LIMIT = 60
ADDRESS_LIMIT = 300


def count_failure(context: Context, client_identifier: str, error: OAuthError) -> OAuthError:
    """Count it for the client, known or not, and for the address that it came from.

    :return: what to refuse with: ``error``, or that there were too many
    """
    limits = {
        # Hashed, since it can be anything that somebody sends.
        f"client {hash_secret(client_identifier)[:32]}": CLIENT_LIMIT,
        f"address {context.request.remote_address}": ADDRESS_LIMIT,
    }
    attempts = context.ports.attempts
    counts = Counter(attempts.count_attempts(KIND, list(limits), context.now - PERIOD))
    if any(counts[key] >= limit for key, limit in limits.items()):
        return _too_many()
    attempts.record_attempt(KIND, list(limits), context.now)
    if any(counts[key] == limit - 1 for key, limit in limits.items()):
        context.record("attempts_limited", detail=error.detail)
    return error


def _too_many() -> OAuthError:
    error = OAuthError(
        "temporarily_unavailable",
        "Too many failed attempts, try again later.",
        status=429,
        headers=(("Retry-After", str(PERIOD)),),
    )
    # The events told of it once, when the limit was reached.
    error.is_routine = True
    return error
