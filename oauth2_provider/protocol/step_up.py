"""Step-up: a resource asks for a stronger or a newer login than the token goes back to (RFC 9470)."""

from __future__ import annotations

from collections.abc import Sequence

from .authentication_level import reached_level
from .bearer import bearer_error
from .entities.token import AccessToken
from .server import Context


def check_authentication(
    context: Context,
    token: AccessToken,
    *,
    acr_values: Sequence[str] = (),
    max_age: int | None = None,
) -> None:
    """For a protected resource of ours, once the token is known to live.

    :param acr_values: levels of ``Settings.acr_levels``, one of which the login must reach; empty for any login
    :param max_age: seconds that the login may lie back
    :raises OAuthError: insufficient_user_authentication, with a challenge that says what the client is to ask for
    """
    login = token.authorization
    is_strong = not acr_values or reached_level(context.settings, acr_values, login.amr) is not None
    is_new = max_age is None or (
        login.auth_time is not None and context.now - login.auth_time <= max_age
    )
    if is_strong and is_new:
        return
    wanted = {"acr_values": " ".join(acr_values)} if acr_values else {}
    if max_age is not None:
        wanted["max_age"] = str(max_age)
    raise bearer_error(
        "insufficient_user_authentication",
        scheme=token.confirmation.token_type,
        more=wanted,
    )
