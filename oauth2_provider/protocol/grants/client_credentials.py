"""grant_type client_credentials: a service acts for itself, as the service user chosen for it (RFC 6749 §4.4).

What it may do in the end is what that user may do. No refresh token: the client can ask again at any time (§4.4.3).
"""

from __future__ import annotations

from ..entities.end_user import EndUser
from ..errors import OAuthError
from ..parts import Grant
from . import (
    TokenContext,
    check_authorization_is_live,
    invalid_grant,
    issue_access_token,
    record_token,
)
from .new_authorization import begin_authorization, requested_scope
from .requested_access import load_access
from .shared_authorization import end_of_sharing, sharing_key

ServiceContext = TokenContext[EndUser]


def check_client_is_confidential(context: ServiceContext) -> None:
    """RFC 6749 §4.4: otherwise everybody could act as the service user."""
    if context.client.is_public:
        raise OAuthError("unauthorized_client", "A public client may not use this grant_type.")


def load_scope(context: ServiceContext) -> None:
    context.scope = requested_scope(context, context.client.scope)


def check_service_user(context: ServiceContext) -> None:
    """Whoever got rights over others since it was chosen would lend them to all who can make a secret."""
    user_id = context.client.service_user_id
    if user_id is not None and not context.ports.end_users.may_serve(user_id):
        raise invalid_grant("the service user manages rights by now")


def act_as_service_user(context: ServiceContext) -> None:
    """A token that is stored itself hangs on an authorization of its own; others share one, see there."""
    if context.client.access_token_format == "jwt":
        _share_authorization(context)
    else:
        _begin_authorization(context, context.now)


def _share_authorization(context: ServiceContext) -> None:
    key = sharing_key(context)
    shared = context.ports.authorizations.find_shared_authorization(key, context.client)
    if shared is None or not shared.is_live(context.now):
        _begin_authorization(context, end_of_sharing(context.now), key)
        return
    context.authorization = shared
    check_authorization_is_live(context)


def _begin_authorization(context: ServiceContext, last_use: int, key: str | None = None) -> None:
    """:param last_use: when the last token of it may be issued"""
    end = last_use + context.client.access_token_lifetime
    begin_authorization(context, _service_user(context), end, sharing_key=key)
    record_token(context)


def _service_user(context: ServiceContext) -> EndUser:
    user_id = context.client.service_user_id
    user = context.ports.end_users.find_user(user_id) if user_id is not None else None
    if user is None or not user.is_active:
        raise invalid_grant("the application has no service user, or an archived one")
    return user


CLIENT_CREDENTIALS = Grant(
    "client_credentials",
    (
        check_client_is_confidential,
        load_scope,
        load_access,
        check_service_user,
        act_as_service_user,
        issue_access_token,
    ),
)
