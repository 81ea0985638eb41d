"""The parameters of an authorization request as the browser sends them (RFC 6749 §3.1, OIDC Core §3.1.2.1)."""

from __future__ import annotations

from ..errors import OAuthError
from ..request_checks import check_parameters
from . import AuthorizationContext
from .redirect_uri import check_redirect_uri

# What a step here or a page reads. Nothing else is kept, since anybody may send it (RFC 6749 §3.1: it is ignored).
KNOWN = frozenset(
    [
        "acr_values",
        "authorization_details",
        "claims",
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "dpop_jkt",
        "id_token_hint",
        "login_hint",
        "max_age",
        "nonce",
        "prompt",
        "redirect_uri",
        "registration",
        "request",
        "request_uri",
        "resource",
        "response_mode",
        "response_type",
        "scope",
        "state",
        "ui_locales",
    ]
)


def load_sent_parameters(context: AuthorizationContext) -> None:
    """A GET has them in the query, a POST in the form."""
    request = context.request
    context.parameters = request.form if request.method == "POST" else request.query
    check_parameters(context.parameters)


def refuse_source(context: AuthorizationContext, error: OAuthError) -> OAuthError:
    """A refusal of where the parameters should have come from: what the browser itself sent names the receiver.

    It goes to the redirect URI that stands beside the reference, if that is the client's; else on a page.
    """
    if context.parameters.get("redirect_uri") is not None:
        try:
            check_redirect_uri(context)
        except OAuthError:
            context.answer = None
    return error
