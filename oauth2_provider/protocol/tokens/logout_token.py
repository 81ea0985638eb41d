"""Logout tokens: tell a client that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4)."""

from __future__ import annotations

from ..entities.client import Client
from ..jose.sign import sign
from ..server import AuthorizationServer

LIFETIME = 120
_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def make_logout_token(
    server: AuthorizationServer, client: Client, *, subject: str, sid: str
) -> str:
    """A token for one attempt to tell the client; it never holds a nonce, so that it cannot pass for an ID token."""
    ports, now = server.ports, server.ports.clock.now()
    members = {
        "iss": server.settings.issuer,
        "sub": subject,
        "aud": client.client_identifier,
        "iat": now,
        "exp": now + LIFETIME,
        "jti": ports.randomness.token(),
        "sid": sid,
        "events": {_EVENT: {}},
    }
    key = ports.signing_keys.signing_key(client.id_token_signed_response_alg)
    return sign(members, key, typ="logout+jwt")
