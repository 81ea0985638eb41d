"""session_state and the browser state behind it (OpenID Connect Session Management 1.0 §2 and §3).

A page of ours, in a frame of the client, compares the two whenever the client asks: while the cookie holds the browser
state that session_state was made of, the same person is still logged in.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from .entities.end_user import EndUserSession
from .messages import Request
from .settings import Settings

BROWSER_STATE_COOKIE = "oauth2_browser_state"
CHECK_SESSION_PATH = "/oauth2/session/check"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def browser_state(session: EndUserSession) -> str:
    """What the cookie holds: another value for each login."""
    return hmac.new(session.session_hash.encode(), b"browser state", sha256).hexdigest()


def make_session_state(client_identifier: str, origin: str, state: str, salt: str) -> str:
    digest = sha256(f"{client_identifier} {origin} {state} {salt}".encode()).hexdigest()
    return f"{digest}.{salt}"


def held_browser_state(request: Request) -> str:
    """What the cookie of the requesting browser holds; an error changes nothing about it."""
    return request.cookies.get(BROWSER_STATE_COOKIE, "")


def browser_state_cookie(
    request: Request, session: EndUserSession, settings: Settings
) -> list[tuple[str, str]]:
    """The header that brings the cookie up to date, if it is not.

    Scripts of our own page must read it, in a frame of another site. It opens nothing.
    """
    state = browser_state(session)
    if held_browser_state(request) == state:
        return []
    site = "; SameSite=None; Secure" if settings.is_secure else "; SameSite=Lax"
    cookie = f"{BROWSER_STATE_COOKIE}={state}; Path={cookie_path(settings)}{site}"
    return [("Set-Cookie", cookie)]


def cookie_path(settings: Settings) -> str:
    return settings.issuer_path or "/"


def origin_of(redirect_uri: str) -> str | None:
    """As a browser writes it (RFC 6454 §6.2)."""
    parts = urlsplit(redirect_uri)
    if parts.scheme not in _DEFAULT_PORTS or parts.hostname is None:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    suffix = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{suffix}"
