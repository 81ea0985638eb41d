"""The local address at which a stored authorization request goes on."""

from __future__ import annotations

from urllib.parse import urlencode

from ..settings import Settings

CONTINUE_PATH = "/oauth2/authorize/continue"


def continue_address(settings: Settings, handle: str) -> str:
    """:param handle: of the stored request"""
    return f"{settings.issuer_path}{CONTINUE_PATH}?{urlencode({'rid': handle})}"
