"""prompt=create: the end-user wants a new account (Initiating User Registration via OpenID Connect 1.0)."""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..authorization_request.prompt import prompts
from ..messages import Page
from ..parts import Interaction
from .reauthenticate import has_logged_in_for_request


def check_account_creation(context: AuthorizationContext) -> Interaction | None:
    """Who logged in since, with a new account or an old one, has what they wanted."""
    if "create" not in prompts(context):
        return None
    if context.session is not None and has_logged_in_for_request(context):
        return None
    values = {
        "continue_address": context.continue_address,
        "ui_locales": context.ui_locales,
    }
    return Interaction(Page("create_account", values), "interaction_required")
