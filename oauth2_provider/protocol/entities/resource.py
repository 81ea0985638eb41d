"""What takes access tokens (RFC 8707), and what they may say for it in detail (RFC 9396)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Each is one JSON object with a member ``type`` (RFC 9396 §2).
AuthorizationDetails = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Resource:
    """What takes access tokens (RFC 8707 §2).

    ``scope``: what of a scope means something to it; None if it did not say.
    ``client_ids``: who may get tokens for it; None if every client may.
    """

    identifier: str
    name: str = ""
    scope: frozenset[str] | None = None
    client_ids: frozenset[int] | None = None

    def is_open_to(self, client_id: int) -> bool:
        return self.client_ids is None or client_id in self.client_ids


@dataclass(frozen=True)
class AuthorizationDetailsType:
    """A registered type of authorization details (RFC 9396 §2.1), of one resource."""

    name: str
    resource: Resource
