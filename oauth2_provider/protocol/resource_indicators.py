"""For which resources an access token is (RFC 8707)."""

from __future__ import annotations

from .server import Context


def default_audience(context: Context) -> tuple[str, ...]:
    """Where nothing was asked for: our own resources, UserInfo above all. No token is without an audience
    (RFC 9068 §3)."""
    return (context.settings.issuer,)
