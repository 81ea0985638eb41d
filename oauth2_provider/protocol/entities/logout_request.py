"""A logout request that waits (OpenID Connect RP-Initiated Logout 1.0 §2)."""

from __future__ import annotations

from dataclasses import dataclass

from ..messages import Parameters


@dataclass(frozen=True)
class LogoutRequest:
    """A logout request (OpenID Connect RP-Initiated Logout 1.0 §2) on its way to a plain GET or a confirmation."""

    handle_hash: str
    parameters: Parameters
    expires_at: int
