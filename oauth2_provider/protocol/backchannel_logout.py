"""Telling a client, from server to server, that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.5)."""

from __future__ import annotations

from dataclasses import dataclass

from .entities.client import Client
from .ports import Outbound, OutboundError
from .server import AuthorizationServer
from .tokens.logout_token import make_logout_token

# §2.8: 200; some frameworks answer 204, which means the same.
_DONE = (200, 204)
# Seconds to wait after each attempt that failed: a day and a half in all, then nobody tries any more.
RETRY_DELAYS = (60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 12 * 3600)


@dataclass(frozen=True)
class LogoutMessage:
    """What one attempt sends, and where to; ready to leave without anything else being asked."""

    address: str
    token: str


def logout_message(
    server: AuthorizationServer, client: Client | None, *, subject: str, sid: str
) -> LogoutMessage | None:
    """:param sid: under which name the client knows the session that ended
    :return: None if the client has gone or no longer has an address
    """
    if client is None or client.backchannel_logout_uri is None:
        return None
    token = make_logout_token(server, client, subject=subject, sid=sid)
    return LogoutMessage(client.backchannel_logout_uri, token)


def send(outbound: Outbound, message: LogoutMessage) -> str | None:
    """One attempt. Returns what went wrong, for administrators alone, or nothing."""
    try:
        status = outbound.post_form(message.address, {"logout_token": message.token})
    except OutboundError as error:
        return str(error)
    return None if status in _DONE else f"The application answered with status {status}."


def delay_after(attempts: int) -> int | None:
    """Seconds until the next attempt after so many that failed; None if there is none."""
    return RETRY_DELAYS[attempts - 1] if attempts <= len(RETRY_DELAYS) else None
