"""resource and authorization_details of the token request (RFC 8707 §2.2, RFC 9396 §6)."""

from __future__ import annotations

from typing import Any

from ..authorization_details import narrowed_details, requested_details
from ..errors import OAuthError
from ..resource_indicators import (
    canonical,
    default_audience,
    find_resources,
    requested_resources,
    scope_at,
)
from . import TokenContext


def narrow_access(context: TokenContext[Any]) -> None:
    """Step: what this token is for, out of what was granted. UserInfo belongs to what an OpenID request was granted,
    but by itself only: else a resource could read there what it was not told."""
    authorization, form = context.authorization, context.request.form
    own = default_audience(context)
    granted = authorization.audience or own
    if "openid" in authorization.scope:
        granted += own
    requested = form.all("resource")
    if not {canonical(identifier) for identifier in requested} <= set(map(canonical, granted)):
        raise OAuthError("invalid_target", "A resource was not granted.")
    context.audience = requested or authorization.audience or own
    if context.audience != own:
        resources = find_resources(context, context.client, context.audience)
        context.audience = tuple(resource.identifier for resource in resources)
        context.token_scope = scope_at(resources, context.scope)
    context.authorization_details = narrowed_details(authorization.authorization_details, form)


def load_access(context: TokenContext[Any]) -> None:
    """Step of grants that begin at the token endpoint."""
    form, client = context.request.form, context.client
    context.authorization_details, types = requested_details(context, client, form)
    resources = requested_resources(context, client, form)
    if not resources:
        resources = tuple(dict.fromkeys(kind.resource for kind in types))
    context.audience = tuple(resource.identifier for resource in resources)
    context.token_scope = scope_at(resources, context.scope)
