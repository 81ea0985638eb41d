"""prompt=select_account: the end-user says which account to use (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..authorization_request.prompt import prompts
from ..messages import Page
from ..parts import Interaction
from .reauthenticate import has_logged_in_for_request


def check_account_selection(context: AuthorizationContext) -> Interaction | None:
    """A login for this request is a choice, and so is an answer to the consent page, which names the account."""
    if "select_account" not in prompts(context):
        return None
    is_chosen = context.account_choice == "continue" or context.decision is not None
    if is_chosen or has_logged_in_for_request(context):
        return None
    page = Page(
        "select_account",
        {
            "rid": context.pending.handle,
            "continue_address": context.continue_address,
            "client": context.client,
            "user": context.end_user_session.user,
        },
    )
    return Interaction(page, "account_selection_required")
