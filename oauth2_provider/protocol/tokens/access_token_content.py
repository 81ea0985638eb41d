"""What an access token says, whatever its format (RFC 6749 §1.4)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..confirmation import NO_CONFIRMATION, Confirmation
from ..entities.resource import AuthorizationDetails
from ..scope import format_scope
from .id_token import Authentication


@dataclass(frozen=True)
class AccessTokenContent:
    """What a token is to say, whatever its format.

    ``authorization_identifier``, ``authentication``: of the authorization that it hangs on.
    ``absolute_end``: when that authorization ends (seconds since 1970 UTC); no token is promised to live longer.
    ``audience``: the resources that it is for.
    ``act``: who acts for the end-user (RFC 8693 §4.1).
    """

    authorization_identifier: str
    authentication: Authentication
    scope: frozenset[str]
    absolute_end: int
    audience: tuple[str, ...]
    confirmation: Confirmation = NO_CONFIRMATION
    authorization_details: AuthorizationDetails = ()
    act: Mapping[str, Any] | None = None

    def key(self) -> str:
        """Equal for equal contents of one authorization."""
        details = json.dumps(self.authorization_details, sort_keys=True)
        return "\n".join(["access_token", format_scope(self.scope), *self.audience, details])
