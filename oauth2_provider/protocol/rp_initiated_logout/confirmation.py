"""Asking the person whether they want to log out (RP-Initiated Logout 1.0 §2 and §6)."""

from __future__ import annotations

from ..messages import Page, Response
from ..session_identifier import sid_of
from ..subject import subject_of
from . import LogoutContext


def ask_for_confirmation(context: LogoutContext) -> None:
    """Unless a hint proves that a client asks whom the person of this very session has logged in to."""
    if context.session is not None and not _is_of_this_session(context):
        context.response = Response(page=_confirmation_page(context))


def load_decision(context: LogoutContext) -> None:
    """Only the button "yes" is a yes."""
    if context.session is not None and context.request.form.get("logout") != "yes":
        context.response = Response(page=Page("logout_declined"))


def _is_of_this_session(context: LogoutContext) -> bool:
    session, hint = context.session, context.hint
    if session is None or hint is None:
        return False
    if hint["sub"] != subject_of(context.settings, session.user, context.client):
        return False
    sid = sid_of(session.session_hash, context.client.client_identifier)
    return bool(hint.get("sid", sid) == sid)


def _confirmation_page(context: LogoutContext) -> Page:
    return Page(
        "logout",
        {
            "rid": context.handle,
            "client": context.client if context.has_client else None,
            "user": context.user,
        },
    )
