"""The end-user must be logged in, completely, and not behind a screen lock (OpenID Connect Core §3.1.2.3)."""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..messages import Page
from ..parts import Interaction


def check_login(context: AuthorizationContext) -> Interaction | None:
    values = {
        "continue_address": context.continue_address,
        "login_hint": context.parameters.get("login_hint"),
        "ui_locales": context.ui_locales,
    }
    if context.session is None:
        return Interaction(Page("login", values), "login_required")
    if context.session.is_locked:
        return Interaction(Page("unlock", values), "login_required")
    return None
