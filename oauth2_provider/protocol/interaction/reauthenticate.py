"""Must the end-user log in again? prompt=login, max_age, person (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..authorization_request.prompt import prompts
from ..entities.end_user import EndUserSession
from ..errors import OAuthError
from ..messages import Page
from ..parts import Interaction
from ..subject import subject_of


def check_reauthentication(context: AuthorizationContext) -> Interaction | None:
    """Whoever has just done it for this request is not asked again: what is still missing then cannot be had."""
    session = context.end_user_session
    error = _unmet_demand(context, session)
    if error is None:
        return None
    if not has_logged_in_for_request(context):
        return Interaction(reauthentication_page(context), error.code)
    if _is_somebody_else(context, session):
        raise error
    return None


def has_logged_in_for_request(context: AuthorizationContext) -> bool:
    """Whether the login is younger than the request; proven by the session, whatever way the browser took."""
    moment = context.end_user_session.auth_moment
    return moment is not None and moment >= context.pending.stored.created_at


def reauthentication_page(context: AuthorizationContext) -> Page:
    return Page(
        "reauthenticate",
        {
            "handle": context.handle,
            "continue_address": context.continue_address,
            "client": context.client,
            "login": context.end_user_session.user.login,
        },
    )


def _unmet_demand(context: AuthorizationContext, session: EndUserSession) -> OAuthError | None:
    if _is_somebody_else(context, session):
        return OAuthError("login_required", "Another end-user than the expected one is logged in.")
    if "login" in prompts(context) or _is_too_old(context, session):
        return OAuthError("login_required")
    return None


def _is_somebody_else(context: AuthorizationContext, session: EndUserSession) -> bool:
    """Clients know their end-users by the subject that they were given."""
    own = subject_of(context.settings, session.user, context.client)
    return any(subject != own for subject in context.hinted_subjects)


def _is_too_old(context: AuthorizationContext, session: EndUserSession) -> bool:
    """A login of which nobody took the time counts as too old wherever the time matters."""
    if context.max_age is not None:
        # Times are cut to whole seconds, so an equal difference may already be too much.
        return session.auth_time is None or context.now - session.auth_time >= context.max_age
    needs_time = context.client.require_auth_time or context.claims.auth_time_is_essential
    return needs_time and session.auth_time is None
