"""sid: the name that one client knows a login session by (OpenID Connect Front-Channel Logout 1.0 §3).

Derived, so nothing has to be stored or asked for; and another one for each client, so that two of them cannot tell
that they serve the same session.
"""

from __future__ import annotations

import hmac
from hashlib import sha256


def sid_of(session_hash: str, client_identifier: str) -> str:
    """:param session_hash: 256 bits that never leave the server, so they serve as the key"""
    return hmac.new(session_hash.encode(), client_identifier.encode(), sha256).hexdigest()[:43]
