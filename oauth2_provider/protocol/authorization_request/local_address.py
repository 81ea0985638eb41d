"""The local addresses at which a person goes on with what they had begun."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from ..settings import Settings

CONTINUE_PATH = "/oauth2/authorize/continue"
DEVICE_PATH = "/oauth2/device"
# Of a field that anybody can fill; a code is shorter, in whatever way a person writes it.
MAXIMUM_USER_CODE = 100


def continue_address(settings: Settings, handle: str) -> str:
    """:param handle: of the stored request"""
    return f"{settings.issuer_path}{CONTINUE_PATH}?{urlencode({'rid': handle})}"


def device_address(settings: Settings, user_code: str) -> str:
    """:param user_code: as the person typed it, so far"""
    query = f"?{urlencode({'user_code': user_code[:MAXIMUM_USER_CODE]})}" if user_code else ""
    return f"{settings.issuer_path}{DEVICE_PATH}{query}"


def address_to_go_on(settings: Settings, form: Mapping[str, str]) -> str:
    """Where a form came from that names either of the two (``AuthorizationContext.handle``)."""
    if form.get("user_code"):
        return device_address(settings, form["user_code"])
    return continue_address(settings, form.get("rid", ""))
