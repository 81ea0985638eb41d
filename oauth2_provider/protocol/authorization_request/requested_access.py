"""resource and authorization_details of the authorization request (RFC 8707 §2.1, RFC 9396 §2 and §5)."""

from __future__ import annotations

from ..authorization_details import requested_details
from ..resource_indicators import requested_resources, scope_at
from . import AuthorizationContext


def load_requested_access(context: AuthorizationContext) -> None:
    """Details that name no resource beside them are for the resources of their types."""
    parameters, client = context.parameters, context.client
    context.authorization_details, types = requested_details(context, client, parameters)
    context.resources = requested_resources(context, client, parameters)
    if not context.resources:
        context.resources = tuple(dict.fromkeys(kind.resource for kind in types))
    # Refused now rather than when the code is redeemed.
    scope_at(context.resources, context.scope)
    context.audience = tuple(resource.identifier for resource in context.resources)
