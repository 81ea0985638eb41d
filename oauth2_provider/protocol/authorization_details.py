"""What a client wants to do in detail, as JSON objects of registered types (RFC 9396)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .entities.client import Client
from .entities.resource import AuthorizationDetails, AuthorizationDetailsType
from .errors import OAuthError
from .messages import Parameters
from .resource_indicators import canonical
from .server import Context
from .strict_json import parse_array

PARAMETER = "authorization_details"
MAXIMUM_LENGTH = 8192
MAXIMUM_NUMBER = 20
# RFC 9396 §2.2: what every type may have.
_LISTS = ("locations", "actions", "datatypes", "privileges")


def parse_authorization_details(text: str) -> AuthorizationDetails:
    """:raises ValueError: if it is not of the form that the standard gives it"""
    details = parse_array(text, maximum_length=MAXIMUM_LENGTH)
    if not 0 < len(details) <= MAXIMUM_NUMBER:
        raise ValueError("There is none, or there are too many.")
    for detail in details:
        _check_form(detail)
    return tuple(details)


def _check_form(detail: object) -> None:
    if not isinstance(detail, dict) or not isinstance(detail.get("type"), str):
        raise ValueError("One is not an object with a type.")
    for name in _LISTS:
        values = detail.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValueError(f"{name} is not a list of texts.")
    if not isinstance(detail.get("identifier", ""), str):
        raise ValueError("identifier is not a text.")


def requested_details(
    context: Context, client: Client, parameters: Parameters
) -> tuple[AuthorizationDetails, tuple[AuthorizationDetailsType, ...]]:
    """Those of the parameter, and their types. A server without types knows no such parameter.

    :raises OAuthError: invalid_authorization_details if the client may not ask so
    """
    text = parameters.get(PARAMETER)
    if text is None or not context.settings.authorization_details_types:
        return (), ()
    try:
        details = parse_authorization_details(text)
    except ValueError as error:
        raise OAuthError("invalid_authorization_details", detail=str(error)) from error
    names = frozenset(detail["type"] for detail in details)
    types = context.ports.resources.find_authorization_details_types(sorted(names))
    known = {kind.name: kind for kind in types if kind.resource.is_open_to(client.id)}
    if names - known.keys():
        raise OAuthError(
            "invalid_authorization_details", "A type is unknown or not open to this client."
        )
    for detail in details:
        _check_locations(detail, known[detail["type"]])
    return details, tuple(known[name] for name in sorted(names))


def _check_locations(detail: Mapping[str, Any], kind: AuthorizationDetailsType) -> None:
    """RFC 9396 §2.2: where the detail counts, which can only be the resource of its type."""
    home = canonical(kind.resource.identifier)
    if any(canonical(location) != home for location in detail.get("locations", ())):
        raise OAuthError("invalid_authorization_details", "A location is not that of the type.")


def narrowed_details(
    context: Context, granted: AuthorizationDetails, parameters: Parameters
) -> AuthorizationDetails:
    """What a token request asks of what was granted: each as it was granted, or all (RFC 9396 §6.1). A server without
    types knows no such parameter.

    :raises OAuthError: invalid_authorization_details if one was not granted
    """
    text = parameters.get(PARAMETER)
    if text is None or not context.settings.authorization_details_types:
        return granted
    try:
        wanted = parse_authorization_details(text)
    except ValueError as error:
        raise OAuthError("invalid_authorization_details", detail=str(error)) from error
    known = {_key(detail) for detail in granted}
    if not {_key(detail) for detail in wanted} <= known:
        raise OAuthError("invalid_authorization_details", "One was not granted.")
    return wanted


def _key(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True)
