"""Authorizations that the JWTs of a service share (RFC 6749 §4.4, RFC 9068).

Such a token is stored nowhere, but names an authorization, so that whatever ends that one reaches it. A service may ask
for many: those that are alike in all that an authorization and its event tell share both for a few minutes.

Two parallel requests may each find none and begin one. That does no harm: both are as good as any.
"""

from __future__ import annotations

import json
from typing import Any

from ..secret_hashing import hash_secret
from . import TokenContext

PERIOD = 300


def sharing_key(context: TokenContext[Any]) -> str:
    """Equal for requests that are alike within a period."""
    client, request = context.client, context.request
    alike = [
        client.id,
        client.service_user_id,
        client.access_token_lifetime,
        sorted(context.scope),
        context.audience,
        context.authorization_details,
        request.remote_address,
        request.user_agent,
        context.now // PERIOD,
    ]
    return hash_secret(json.dumps(alike, sort_keys=True))


def end_of_sharing(now: int) -> int:
    """When the period of that moment is over."""
    return (now // PERIOD + 1) * PERIOD
