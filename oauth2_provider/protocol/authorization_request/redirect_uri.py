"""redirect_uri of the authorization request (RFC 6749 §3.1.2, OpenID Connect Core §3.1.2.1, RFC 9700 §4.1)."""

from __future__ import annotations

from ..errors import OAuthError
from ..redirect_uri_matching import check_registrable, matches
from . import Answer, AuthorizationContext
from .response_mode import error_response_mode


def check_redirect_uri(context: AuthorizationContext) -> None:
    """Prove that the address belongs to the client; from here on errors may be sent there."""
    client = context.client
    sent = context.parameters.get("redirect_uri")
    redirect_uri = sent if sent is not None else _only_registered(context)
    registered = ", ".join(client.redirect_uris) or "nothing"
    detail = f"the application sent {redirect_uri[:500]!r}; registered: {registered}"
    if not matches(client.redirect_uris, redirect_uri, any_loopback_port=client.is_native):
        raise OAuthError(
            "invalid_request", "The redirect_uri is not registered for this client.", detail=detail
        )
    try:
        check_registrable(
            redirect_uri,
            application_type=client.application_type,
            local_development=client.local_development,
        )
    except ValueError as error:
        # Registered under a rule that has been switched off since.
        raise OAuthError(
            "invalid_request", "The redirect_uri is no longer allowed.", detail=f"{error} {detail}"
        ) from error
    context.answer = Answer(
        redirect_uri=redirect_uri,
        response_mode=error_response_mode(context),
        state=context.parameters.get("state"),
    )


def _only_registered(context: AuthorizationContext) -> str:
    """RFC 6749 §3.1.2.3: it may be left out where there is no choice, but never in an OpenID request."""
    uris = context.client.redirect_uris
    is_openid = "openid" in (context.parameters.get("scope") or "").split(" ")
    if len(uris) != 1 or is_openid or context.client.profile.requires_redirect_uri:
        raise OAuthError("invalid_request", "redirect_uri is missing.")
    return uris[0]
