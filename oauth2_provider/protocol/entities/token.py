"""Access and refresh tokens (RFC 6749 §1.4, §1.5)."""

from __future__ import annotations

from dataclasses import dataclass

from ..confirmation import NO_CONFIRMATION, Confirmation
from .authorization import Authorization
from .resource import AuthorizationDetails


@dataclass(frozen=True)
class AccessToken:
    """An access token, wherever it is kept (RFC 6749 §1.4). ``audience``: the resources that it is for, never none."""

    authorization: Authorization
    scope: frozenset[str]
    issued_at: int
    expires_at: int
    audience: tuple[str, ...]
    confirmation: Confirmation = NO_CONFIRMATION
    authorization_details: AuthorizationDetails = ()


@dataclass(frozen=True)
class RefreshToken:
    """A refresh token as stored (RFC 6749 §1.5); ``used_at`` is when it was rotated away."""

    id: int
    authorization: Authorization
    scope: frozenset[str]
    expires_at: int
    used_at: int | None = None
    is_contended: bool = False
    confirmation: Confirmation = NO_CONFIRMATION

    @property
    def is_replayed(self) -> bool:
        return self.used_at is not None or self.is_contended


@dataclass(frozen=True)
class NewToken:
    """A token to be stored: its hash, never itself."""

    kind: str
    token_hash: str
    scope: frozenset[str]
    issued_at: int
    expires_at: int
    audience: tuple[str, ...] = ()
    confirmation: Confirmation = NO_CONFIRMATION
    authorization_details: AuthorizationDetails = ()
