"""sector_identifier_uri: a sector itself lists the redirect URIs that belong to it (OpenID Connect Registration §5)."""

from __future__ import annotations

from collections.abc import Iterable

from .ports import Outbound, OutboundError
from .strict_json import parse_array

MAXIMUM_BYTES = 65536


class UnlistedRedirectUri(ValueError):
    """The document is not what it has to be, or a redirect URI is not in it. ``detail``: for the log alone."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


def check_sector_lists(url: str, redirect_uris: Iterable[str], outbound: Outbound) -> None:
    """Fetch what the sector says.

    :raises UnlistedRedirectUri: with a sentence about ``sector_identifier_uri``
    """
    try:
        document = outbound.fetch(url, maximum_bytes=MAXIMUM_BYTES)
        listed = parse_array(document.body, maximum_length=MAXIMUM_BYTES)
    except (OutboundError, ValueError) as error:
        raise UnlistedRedirectUri(
            "sector_identifier_uri does not lead to a JSON list.", str(error)
        ) from error
    if not all(isinstance(uri, str) for uri in listed):
        raise UnlistedRedirectUri("sector_identifier_uri does not lead to a JSON list.")
    if not set(redirect_uris) <= set(listed):
        raise UnlistedRedirectUri("sector_identifier_uri does not list all redirect_uris.")
