"""Issuer identification (RFC 9207): every authorization answer names who gives it, which stops mix-up attacks."""

from __future__ import annotations

from .settings import Settings


def issuer_parameter(settings: Settings) -> tuple[str, str]:
    return ("iss", settings.issuer)
