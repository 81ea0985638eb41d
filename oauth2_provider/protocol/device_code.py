"""Devices without a browser that wait for a person with one (RFC 8628): what is stored about them."""

from __future__ import annotations

from dataclasses import dataclass

from .entities.authorization import Authorization
from .entities.resource import AuthorizationDetails

DEVICE_CODE_PREFIX = "o2d_"
PENDING, APPROVED, DENIED = "pending", "approved", "denied"


@dataclass(frozen=True)
class NewDeviceCode:
    """To be stored: hashes, never the codes themselves. Times in seconds since 1970 UTC, ``interval`` in seconds.

    ``audience``: the resources that the tokens are wanted for (RFC 8707 §2.1).
    """

    device_code_hash: str
    user_code_hash: str
    client_id: int
    scope: frozenset[str]
    created_at: int
    expires_at: int
    interval: int
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()


@dataclass(frozen=True)
class DeviceCode:
    """As stored.

    ``authorization``: what its person gave by approving it; all that ends authorizations ends this one too.
    ``is_contended``: a parallel request is asking for it at this moment.
    """

    id: int
    client_id: int
    client_identifier: str
    scope: frozenset[str]
    expires_at: int
    interval: int
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()
    status: str = PENDING
    polled_at: int | None = None
    used_at: int | None = None
    authorization: Authorization | None = None
    is_contended: bool = False
