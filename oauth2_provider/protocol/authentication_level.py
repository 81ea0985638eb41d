"""acr: which of the asked-for authentication levels a login reaches (OpenID Connect Core §2 and §5.5.1.1)."""

from __future__ import annotations

from collections.abc import Iterable

from .settings import Settings


def reached_level(settings: Settings, wanted: Iterable[str], methods: Iterable[str]) -> str | None:
    """The first of the wanted levels that these methods reach.

    :param wanted: acr values, best first
    :param methods: amr values of the login (RFC 8176)
    """
    levels, used = dict(settings.acr_levels), frozenset(methods)
    return next((value for value in wanted if value in levels and levels[value] <= used), None)
