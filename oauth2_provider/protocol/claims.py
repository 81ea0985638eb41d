"""Which standard claims a scope releases (OpenID Connect Core §5.1 and §5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .entities.end_user import EndUser

SCOPE_CLAIMS: Mapping[str, frozenset[str]] = {
    "profile": frozenset(
        [
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ]
    ),
    "email": frozenset({"email", "email_verified"}),
    "address": frozenset({"address"}),
    "phone": frozenset({"phone_number", "phone_number_verified"}),
}


def scope_of_claims(names: frozenset[str]) -> frozenset[str]:
    """The scope whose consent covers these claims."""
    return frozenset(scope for scope, claims in SCOPE_CLAIMS.items() if claims & names)


def released_claims(
    user: EndUser, scope: frozenset[str], names: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The claims that the scope, or their own name, releases and the end-user has a value for; never ``sub``."""
    released = names.union(*(SCOPE_CLAIMS.get(name, frozenset()) for name in scope))
    if not released:
        # The claims themselves are not even looked at, as that may cost something.
        return {}
    return {name: value for name, value in user.claims.items() if name in released}
