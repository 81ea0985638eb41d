"""Subject identifiers, public and pairwise: who an end-user is for a client (OpenID Connect Core §8).

Nothing else reads ``EndUser.public_subject``: wherever an end-user leaves the server or comes back to it, this does.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from .entities.authorization import Authorization
from .entities.client import Client
from .entities.end_user import EndUser
from .errors import OAuthError
from .settings import Settings
from .web_address import LOOPBACK_HOSTS, host_of

SUBJECT_TYPES = ("public", "pairwise")


def subject_of(settings: Settings, user: EndUser, client: Client | Authorization) -> str:
    """:param client: or an authorization, which stands for its client"""
    return subject_for_sector(settings, user.public_subject, client.sector_identifier)


def subject_for_sector(settings: Settings, public_subject: str, sector: str | None) -> str:
    """§8.1: cannot be reversed, is the same for all clients of a sector, and tells different sectors nothing.

    :param sector: None for public subjects
    """
    if not sector:
        return public_subject
    if not settings.pairwise_salt:
        raise OAuthError("server_error", detail="the secret of pairwise subjects is missing")
    # The separator cannot be part of a host, so no two pairs are written alike.
    text = f"{sector}\n{public_subject}"
    return hmac.new(settings.pairwise_salt.encode(), text.encode(), "sha256").hexdigest()


def sector_identifier(
    client_identifier: str, redirect_uris: Iterable[str], sector_identifier_uri: str | None
) -> str:
    """The sector of a client with pairwise subjects.

    One on people's own machines, at a loopback address or an own scheme, is a sector of its own: all such applications
    would share that host.


    :raises ValueError: if the addresses have several hosts and nothing says which one counts
    """
    if sector_identifier_uri:
        return host_of(sector_identifier_uri).lower()
    web_addresses = [uri for uri in redirect_uris if uri.startswith(("https:", "http:"))]
    hosts = {host_of(uri).lower() for uri in web_addresses} - LOOPBACK_HOSTS
    if len(hosts) > 1:
        raise ValueError("The redirect addresses have several hosts.")
    return hosts.pop() if hosts else f"client:{client_identifier}"
