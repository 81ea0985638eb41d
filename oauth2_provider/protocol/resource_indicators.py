"""For which resources an access token is (RFC 8707).

Two identifiers are the same if they are equal letter by letter, except that an address without a path and the same
address with the path ``/`` are one (RFC 3986 §6.2.3). What a token says is what is registered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from .entities.client import Client
from .entities.resource import Resource
from .errors import OAuthError
from .messages import Parameters
from .server import Context

MAXIMUM_LENGTH = 2000
MAXIMUM_NUMBER = 20
# RFC 8707 §2: an absolute URI without fragment (RFC 3986 §4.3); printable, and without what no URI holds.
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\U0010ffff\"<>\\^`{|}#]+")


def check_identifier(identifier: str) -> None:
    """:raises ValueError: if it cannot name a resource"""
    if len(identifier) > MAXIMUM_LENGTH or not _ABSOLUTE_URI.fullmatch(identifier):
        raise ValueError("It must be an absolute URI without fragment.")


def canonical(identifier: str) -> str:
    """Equal for identifiers of the same resource."""
    try:
        parts = urlsplit(identifier)
    except ValueError:
        return identifier
    is_bare = parts.netloc and parts.path == "/" and identifier.endswith("/")
    return identifier[:-1] if is_bare else identifier


def own_resource(context: Context) -> Resource:
    """What we ourselves are: UserInfo, and whatever else of this server takes tokens. Open to every client."""
    return Resource(context.settings.issuer)


def default_audience(context: Context, scope: frozenset[str]) -> tuple[str, ...]:
    """Where no resource was asked for: we, and what of us the scope speaks of (RFC 9068 §3). No token is without."""
    meant = [
        resource.identifier
        for resource in context.settings.own_resources
        if resource.scope is not None and resource.scope & scope
    ]
    return (context.settings.issuer, *meant)


def requested_resources(
    context: Context, client: Client, parameters: Parameters
) -> tuple[Resource, ...]:
    """Those of the parameter ``resource``, each once.

    :raises OAuthError: invalid_target if one is malformed, unknown or not open to the client
    """
    requested = parameters.all("resource")
    if len(requested) > MAXIMUM_NUMBER:
        raise OAuthError("invalid_target", "Too many resources are named.")
    for identifier in requested:
        try:
            check_identifier(identifier)
        except ValueError as error:
            raise OAuthError(
                "invalid_target", "A resource must be an absolute URI without fragment."
            ) from error
    return find_resources(context, client, requested)


def find_resources(
    context: Context, client: Client, identifiers: Sequence[str]
) -> tuple[Resource, ...]:
    """:raises OAuthError: invalid_target if one is unknown or not open to the client"""
    wanted = list(dict.fromkeys(map(canonical, identifiers)))
    own = (own_resource(context), *context.settings.own_resources)
    found = {canonical(resource.identifier): resource for resource in own}
    foreign = [identifier for identifier in wanted if identifier not in found]
    if foreign:
        resources = context.ports.resources.find_resources(foreign)
        found |= {canonical(resource.identifier): resource for resource in resources}
    for identifier in wanted:
        if identifier not in found or not found[identifier].is_open_to(client.id):
            raise OAuthError("invalid_target", detail=f"not open to this client: {identifier}")
    return tuple(found[identifier] for identifier in wanted)


def scope_at(resources: Sequence[Resource], scope: frozenset[str]) -> frozenset[str]:
    """What of the scope means something to one of the resources (RFC 8707 §2.2).

    :raises OAuthError: invalid_scope if nothing does
    """
    if any(resource.scope is None for resource in resources) or not resources:
        return scope
    known = frozenset[str]().union(*(resource.scope or frozenset() for resource in resources))
    if not scope & known:
        raise OAuthError("invalid_scope", "The resource knows nothing of the scope.")
    return scope & known
