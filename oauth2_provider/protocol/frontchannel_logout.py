"""Addresses that a browser opens to log out of a client (OpenID Connect Front-Channel Logout 1.0 §2 and §3)."""

from __future__ import annotations

from urllib.parse import urlencode

from .entities.client import Client
from .session_identifier import sid_of
from .settings import Settings


def frontchannel_logout_address(settings: Settings, client: Client, session_hash: str) -> str:
    """The client's registered address, which may have a query of its own, with issuer and session."""
    uri = client.frontchannel_logout_uri
    if uri is None:
        raise AssertionError("The client has no front-channel address.")
    sid = sid_of(session_hash, client.client_identifier)
    separator = "&" if "?" in uri else "?"
    return f"{uri}{separator}{urlencode({'iss': settings.issuer, 'sid': sid})}"
