"""prompt: how the server may bother the end-user (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from . import AuthorizationContext


def prompts(context: AuthorizationContext) -> frozenset[str]:
    """The values of prompt; unknown ones are harmless."""
    return frozenset((context.parameters.get("prompt") or "").split(" ")) - {""}


def check_prompt(context: AuthorizationContext) -> None:
    values = prompts(context)
    if "none" in values and len(values) > 1:
        raise OAuthError("invalid_request", "prompt=none cannot be combined with other values.")
