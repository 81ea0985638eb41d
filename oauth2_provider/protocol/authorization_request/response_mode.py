"""response_mode: how the answer travels (OAuth 2.0 Multiple Response Types §2.1 and §5)."""

from __future__ import annotations

from ..errors import OAuthError
from ..response_modes.jwt import named_mode
from . import AuthorizationContext


def error_response_mode(context: AuthorizationContext) -> str:
    """The mode for errors, known before the request is checked: the asked-for one if usable, else the default."""
    asked = context.parameters.get("response_mode")
    default = _default_mode(context)
    is_usable = asked is not None and _is_usable(context, asked, default)
    return named_mode(asked, default) if asked is not None and is_usable else default


def check_response_mode(context: AuthorizationContext) -> None:
    asked = context.parameters.get("response_mode")
    if asked is not None and not _is_usable(context, asked, _default_mode(context)):
        raise OAuthError("invalid_request", "This response_mode cannot be used with this request.")


def _default_mode(context: AuthorizationContext) -> str:
    """Fragment as soon as the browser is handed more than a code."""
    value = context.parameters.get("response_type") or ""
    parts = context.server.parts.response_types
    known = [parts[name] for name in value.split(" ") if name in parts]
    return "fragment" if any(part.needs_hiding for part in known) else "query"


def _is_usable(context: AuthorizationContext, asked: str, default: str) -> bool:
    mode = context.server.parts.response_modes.get(asked)
    return mode is not None and (default == "query" or mode.hides_from_server)
