"""What only other servers can tell about a client: its sector, its logo, and whether its addresses may be called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..errors import OAuthError
from ..ports import Document, OutboundError, OutboundForbidden
from ..sector_identifier import UnlistedRedirectUri, check_sector_lists
from ..server import Context
from .members import FETCHED

MAXIMUM_LOGO_BYTES = 262144


def check_destinations(context: Context, metadata: Mapping[str, Any]) -> None:
    """Addresses into the own network are refused when they are registered, not only when they are called."""
    for name in FETCHED:
        if name in metadata:
            try:
                context.ports.outbound.check_destination(metadata[name])
            except OutboundForbidden as error:
                raise OAuthError(
                    "invalid_client_metadata", f"{name} cannot be used.", detail=str(error)
                ) from error


def check_sector_identifier(context: Context, metadata: Mapping[str, Any]) -> None:
    """OpenID Connect Registration §5: the sector itself lists the redirect URIs that belong to it."""
    url = metadata.get("sector_identifier_uri")
    if url is None:
        return
    try:
        check_sector_lists(url, metadata["redirect_uris"], context.ports.outbound)
    except UnlistedRedirectUri as error:
        raise OAuthError("invalid_client_metadata", str(error), detail=error.detail) from error


def fetch_logo(context: Context, metadata: Mapping[str, Any]) -> Document | None:
    """The logo, to be kept here: from its own address it would tell the client who looks at the consent page.

    A logo that cannot be had now is no reason to refuse the client.
    """
    if "logo_uri" not in metadata:
        return None
    try:
        document = context.ports.outbound.fetch(
            metadata["logo_uri"], maximum_bytes=MAXIMUM_LOGO_BYTES
        )
    except OutboundError:
        return None
    return document if document.status == 200 else None
