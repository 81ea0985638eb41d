"""resource and authorization_details of the token request (RFC 8707 §2.2, RFC 9396 §6)."""

from __future__ import annotations

from typing import Any

from ..authorization_details import narrowed_details, requested_details
from ..errors import OAuthError
from ..messages import Parameters
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
    check_was_granted(context, authorization.scope, authorization.audience)
    context.audience = form.all("resource") or authorization.audience
    if context.audience:
        resources = find_resources(context, context.client, context.audience)
        context.audience = tuple(resource.identifier for resource in resources)
        context.token_scope = scope_at(resources, context.scope)
    context.authorization_details = narrowed_details(
        context, authorization.authorization_details, form
    )


def check_was_granted(
    context: TokenContext[Any], scope: frozenset[str], audience: tuple[str, ...]
) -> None:
    """:raises OAuthError: invalid_target if the request names a resource beyond what was granted"""
    granted = audience or default_audience(context, scope)
    if "openid" in scope:
        granted += (context.settings.issuer,)
    requested = map(canonical, context.request.form.all("resource"))
    if not set(requested) <= set(map(canonical, granted)):
        raise OAuthError("invalid_target", "A resource was not granted.")


def load_access(context: TokenContext[Any]) -> None:
    """Step of grants that begin at the token endpoint."""
    form, client = context.request.form, context.client
    context.authorization_details, types = requested_details(context, client, form)
    resources = requested_resources(context, client, form)
    if not resources:
        resources = tuple(dict.fromkeys(kind.resource for kind in types))
    context.audience = tuple(resource.identifier for resource in resources)
    context.token_scope = scope_at(resources, context.scope)


def load_resources(context: TokenContext[Any]) -> None:
    """Step of grants in which nobody can be asked whether they agree to details: none are given."""
    _reject_details(context.request.form)
    resources = requested_resources(context, context.client, context.request.form)
    context.audience = tuple(resource.identifier for resource in resources)
    context.token_scope = scope_at(resources, context.scope)


def _reject_details(form: Parameters) -> None:
    if form.get("authorization_details") is not None:
        raise OAuthError(
            "invalid_authorization_details", "This way gives no authorization_details."
        )
