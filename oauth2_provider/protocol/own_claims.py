"""Claims of an administrator's own making, groups and roles above all (OpenID Connect Core §5.1.2).

A name with dots stands for an object in an object, as ``realm_access.roles``; a dot after a backslash, and every dot of
a name that is an address, is part of the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .claims import SCOPE_CLAIMS

MAXIMUM_LENGTH = 200
_MAXIMUM_DEPTH = 5
_SEPARATOR = re.compile(r"(?<!\\)\.")
_SEGMENT = re.compile(r"[A-Za-z0-9._~:/?#@!$&*+,;=-]+")

# What tokens, UserInfo and introspection answers say in the name of a standard: nobody may say something else there.
_STANDARD_CLAIMS = frozenset[str]().union(*SCOPE_CLAIMS.values())
RESERVED_CLAIMS = _STANDARD_CLAIMS | {
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "typ",
    "azp",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "at_hash",
    "c_hash",
    "s_hash",
    "act",
    "may_act",
    "cnf",
    "sid",
    "events",
    "toe",
    "txn",
    "trust_framework",
    "client_id",
    "user_id",
    "username",
    "scope",
    "active",
    "token_type",
    "authorization_details",
    "sub_id",
    "sub_jwk",
    "vot",
    "vtm",
    "verified_claims",
    "_claim_names",
    "_claim_sources",
}


@dataclass(frozen=True)
class OwnClaim:
    """One claim with the value that it has for an end-user.

    ``scope``: what must have been granted for it.
    """

    name: str
    value: Any
    scope: str
    in_id_token: bool = False
    in_userinfo: bool = False


def path_of(name: str) -> tuple[str, ...]:
    """The members, from the outermost, that the name of a claim leads through.

    :raises ValueError: with a sentence for the administrator, if it cannot be the name of a claim of one's own
    """
    is_address = name.startswith(("https://", "http://", "urn:"))
    path = (name,) if is_address else tuple(_SEPARATOR.split(name))
    path = tuple(segment.replace("\\.", ".") for segment in path)
    if len(name) > MAXIMUM_LENGTH or len(path) > _MAXIMUM_DEPTH:
        raise ValueError("The name is too long.")
    if not all(_SEGMENT.fullmatch(segment) for segment in path):
        raise ValueError("The name must consist of plain letters, digits and signs.")
    if path[0] in RESERVED_CLAIMS:
        raise ValueError(f"{path[0]} has a meaning of its own and cannot be given another value.")
    return path


def check_names(names: Iterable[str]) -> None:
    """
    :raises ValueError: if one of the names cannot be one, or two of them cannot stand beside each other
    """
    paths = sorted(path_of(name) for name in names)
    for before, after in pairwise(paths):
        if after[: len(before)] == before:
            raise ValueError(
                f"{'.'.join(before)} cannot be a value and hold another claim as well."
            )


def claims_document(claims: Iterable[OwnClaim], scope: frozenset[str]) -> dict[str, Any]:
    """The members that these claims make, as far as the scope releases them.

    What could not have been saved is left out as well, should it ever get here.
    """
    document: dict[str, Any] = {}
    for claim in claims:
        if claim.scope not in scope or claim.value is None:
            continue
        try:
            *outer, last = path_of(claim.name)
        except ValueError:
            continue
        place: Any = document
        for segment in outer:
            place = place.setdefault(segment, {}) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.setdefault(last, claim.value)
    return document
