"""max_age of the authorization request (OpenID Connect Core §3.1.2.1)."""

from __future__ import annotations

import re

from ..errors import OAuthError
from . import AuthorizationContext

_SECONDS = re.compile(r"[0-9]{1,10}")


def load_max_age(context: AuthorizationContext) -> None:
    """Seconds that the login may be old; without one, what the client is registered with (Registration §2)."""
    value = context.parameters.get("max_age")
    if value is None:
        context.max_age = context.client.default_max_age
        return
    if not _SECONDS.fullmatch(value):
        raise OAuthError("invalid_request", "max_age is not a number of seconds.")
    context.max_age = int(value)
