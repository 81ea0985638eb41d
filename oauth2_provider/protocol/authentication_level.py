"""acr: which authentication levels a login reaches, and which one is told (OpenID Connect Core §2 and §5.5.1.1)."""

from __future__ import annotations

from collections.abc import Iterable

from .claims_request import ClaimsRequest
from .entities.client import Client
from .settings import Settings


def reached_level(settings: Settings, wanted: Iterable[str], methods: Iterable[str]) -> str | None:
    """The first of the wanted levels that these methods reach.

    :param wanted: acr values, best first
    :param methods: amr values of the login (RFC 8176)
    """
    levels, used = dict(settings.acr_levels), frozenset(methods)
    return next((value for value in wanted if value in levels and levels[value] <= used), None)


def meets_demands(
    settings: Settings, client: Client, claims: ClaimsRequest, methods: Iterable[str]
) -> bool:
    """Whether these methods reach both the level that the client is held to and the one that it calls essential."""
    used = frozenset(methods)
    if client.required_acr and not reached_level(settings, [client.required_acr], used):
        return False
    return not claims.acr_is_essential or bool(reached_level(settings, claims.acr_values, used))


def told_level(
    settings: Settings, client: Client, claims: ClaimsRequest, methods: Iterable[str]
) -> str | None:
    """A wanted level that is reached; else, to whom asked in vain or for none in particular, the strongest one that is.

    Who did not ask hears of a level only if it is held to one.
    """
    used = frozenset(methods)
    reached = reached_level(settings, claims.acr_values, used)
    if reached is None and (claims.acr_values or claims.wants_acr):
        strongest_first = [name for name, _methods in reversed(settings.acr_levels)]
        return reached_level(settings, strongest_first, used)
    return reached or client.required_acr
