"""Authorization requests that the client pushed beforehand, behind the browser's back (RFC 9126 §4 and §5)."""

from __future__ import annotations

from ..entities.authorization import AuthorizationRequest
from ..errors import OAuthError
from ..secret_hashing import PUSHED_REQUEST_PREFIX, hash_secret, new_secret
from . import AuthorizationContext
from .sent_parameters import KNOWN, refuse_source

URN = "urn:ietf:params:oauth:request_uri:"


def remember_pushed_request(context: AuthorizationContext) -> str:
    """Store the checked parameters and return their request_uri."""
    handle, handle_hash = new_secret(PUSHED_REQUEST_PREFIX, context.ports.randomness)
    context.ports.requests.save_request(
        AuthorizationRequest(
            handle_hash=handle_hash,
            browser_hash=None,
            client_identifier=context.client.client_identifier,
            parameters=context.parameters.only(KNOWN),
            created_at=context.ports.clock.moment(),
            expires_at=context.now + context.settings.pushed_request_lifetime,
        )
    )
    return URN + handle


def load_pushed_request(context: AuthorizationContext) -> None:
    """Step: what was pushed counts, and nothing that the browser sends beside the request_uri (RFC 9126 §4).

    The request is used up when it is answered, not when it is visited: people reload pages, and so do programs that
    look at a link before they show it.
    """
    request_uri = context.parameters.get("request_uri") or ""
    if not request_uri.startswith(URN):
        return
    stored = context.ports.requests.find_request(hash_secret(request_uri.removeprefix(URN)))
    if stored is None or not _is_usable(context, stored):
        raise refuse_source(context, OAuthError("invalid_request_uri"))
    context.parameters = stored.parameters
    context.pushed_hash = stored.handle_hash


def _is_usable(context: AuthorizationContext, stored: AuthorizationRequest) -> bool:
    return (
        stored.browser_hash is None
        and stored.completed_at is None
        and context.now < stored.expires_at
        and stored.client_identifier == context.client.client_identifier
    )


def check_request_was_pushed(context: AuthorizationContext) -> None:
    """Step: RFC 9126 §5 and §6, for clients and security profiles that leave no other way."""
    client = context.client
    is_required = client.require_pushed_authorization_requests or client.profile.requires_par
    if is_required and context.pushed_hash is None:
        error = OAuthError("invalid_request", "This client must push its authorization requests.")
        raise refuse_source(context, error)
