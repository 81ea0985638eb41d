"""The scope parameter: a set of case-sensitive names (RFC 6749 §3.3)."""

from __future__ import annotations

import re

from .errors import OAuthError

_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


def parse_scope(value: str) -> frozenset[str]:
    """The names in a scope value; leading and double spaces are forgiven, since clients in the field send them.

    :raises OAuthError: invalid_scope if a name holds a forbidden character
    """
    names = frozenset(value.split(" ")) - {""}
    if not all(_SCOPE_TOKEN.fullmatch(name) for name in names):
        raise OAuthError("invalid_scope", "The scope holds a forbidden character.")
    return names


def format_scope(scope: frozenset[str]) -> str:
    """The wire form, sorted so that equal scopes look equal; openid first, as everybody writes it."""
    return " ".join(sorted(scope, key=lambda name: (name != "openid", name)))
