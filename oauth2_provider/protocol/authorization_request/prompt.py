"""prompt: how the server may bother the end-user (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from ..ports import EndUserDirectory
from . import AuthorizationContext


def prompts(context: AuthorizationContext) -> frozenset[str]:
    """The values of prompt; unknown ones are harmless."""
    return frozenset((context.parameters.get("prompt") or "").split(" ")) - {""}


def prompt_values(end_users: EndUserDirectory) -> list[str]:
    """What the metadata names; "create" has to be there to be relied on (Initiating User Registration §4.1)."""
    own = ["create"] if end_users.strangers_may_sign_up() else []
    return ["none", "login", "consent", "select_account", *own]


def check_prompt(context: AuthorizationContext) -> None:
    values = prompts(context)
    if "none" in values and len(values) > 1:
        raise OAuthError("invalid_request", "prompt=none cannot be combined with other values.")
