"""The claims parameter: single claims, asked for by name (OpenID Connect Core §5.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .strict_json import parse_object

MAXIMUM_LENGTH = 8192
_MAXIMUM_CLAIMS = 100
_MAXIMUM_VALUES = 50


@dataclass(frozen=True)
class ClaimsRequest:
    """Names of the claims wanted in UserInfo and in the ID token, and what was said about two of them.

    ``acr_values``: the wished-for levels, best first; ``acr_is_essential``: no answer without one of them.
    ``wants_acr``: the client wants to hear of a level, whichever it is.
    ``own_scope``: what releases the own claims that the client gets without asking, as far as the end-user was told.
    ``subjects``: the only end-users whom the client wants.
    """

    userinfo: frozenset[str] = frozenset()
    id_token: frozenset[str] = frozenset()
    acr_values: tuple[str, ...] = ()
    acr_is_essential: bool = False
    wants_acr: bool = False
    auth_time_is_essential: bool = False
    subjects: frozenset[str] = frozenset()
    own_scope: frozenset[str] = frozenset()

    def names(self) -> frozenset[str]:
        return self.userinfo | self.id_token


NO_CLAIMS = ClaimsRequest()


def parse_claims_request(text: str) -> ClaimsRequest:
    """Read the parameter; members that no standard knows are ignored.

    :raises ValueError: if it is not of the form that the standard gives it
    """
    request = parse_object(text, maximum_length=MAXIMUM_LENGTH)
    userinfo, id_token = (_requested(request, place) for place in ("userinfo", "id_token"))
    acr = id_token.get("acr") or {}
    subjects = [*_values(userinfo.get("sub") or {}), *_values(id_token.get("sub") or {})]
    return ClaimsRequest(
        userinfo=frozenset(userinfo),
        id_token=frozenset(id_token),
        acr_values=_values(acr),
        acr_is_essential=bool(acr.get("essential")),
        wants_acr="acr" in id_token,
        auth_time_is_essential=bool((id_token.get("auth_time") or {}).get("essential")),
        subjects=frozenset(subjects),
    )


def _requested(request: Mapping[str, Any], place: str) -> Mapping[str, Mapping[str, Any] | None]:
    claims = request.get(place)
    if claims is None:
        return {}
    if not isinstance(claims, dict) or len(claims) > _MAXIMUM_CLAIMS:
        raise ValueError(f"{place} is not an object of claims.")
    for demand in claims.values():
        _check_demand(demand)
    return claims


def _check_demand(demand: object) -> None:
    if demand is None:
        return
    if not isinstance(demand, dict):
        raise ValueError("What is asked of a claim is neither null nor an object.")
    if not isinstance(demand.get("essential", False), bool):
        raise ValueError("essential is neither true nor false.")
    values = demand.get("values", [])
    if not isinstance(values, list) or len(values) > _MAXIMUM_VALUES:
        raise ValueError("values is not a list of values.")


def _values(demand: Mapping[str, Any]) -> tuple[str, ...]:
    wanted: Iterable[object] = [demand.get("value"), *demand.get("values", [])]
    return tuple(value for value in wanted if isinstance(value, str))
