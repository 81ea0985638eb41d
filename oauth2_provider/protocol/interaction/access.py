"""Whether this end-user may use this client at all: the administrator's policy, not the end-user's choice."""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..errors import OAuthError
from ..parts import Interaction


def check_access(context: AuthorizationContext) -> Interaction | None:
    """Never a page: nothing that the end-user does would help."""
    client, user = context.client, context.end_user_session.user
    if client.internal_users_only and not user.is_internal:
        raise OAuthError("access_denied", "This client is for internal users.")
    if client.group_ids and not context.ports.end_users.is_member(user, client.group_ids):
        raise OAuthError("access_denied", "The end-user belongs to no group of this client.")
    return None
