"""The token endpoint (RFC 6749 §3.2)."""

from __future__ import annotations

from typing import Any

from ..client_authentication import authenticate_client
from ..errors import OAuthError
from ..grants import TokenContext
from ..parts import Endpoint
from ..request_checks import check_form_body, check_method, reject_repeats_in_form
from ..sender_constraint import load_confirmation
from .json_error import json_error

# RFC 9700 §2.4: people type passwords into the login page, nowhere else.
_ADVICE = {
    "password": "The password grant is not supported. Use authorization_code with PKCE for people, or "
    "client_credentials for a service.",
}


def run_grant(context: TokenContext[Any]) -> None:
    """Hand over to the grant that the client asks for, if it is offered at all and to this client (RFC 6749 §5.2)."""
    grant_type = context.parameter("grant_type")
    grant = context.server.parts.grants.get(grant_type)
    allowed = context.client.grant_types & context.client.profile.grant_types
    if grant is None or grant.grant_type not in allowed:
        raise _refusal(grant_type, is_offered=grant is not None, allowed=allowed)
    for step in grant.steps:
        step(context)


def _refusal(grant_type: str, *, is_offered: bool, allowed: frozenset[str]) -> OAuthError:
    registered = ", ".join(sorted(allowed)) or "nothing"
    detail = f"the application sent {grant_type[:100]!r}; registered: {registered}"
    if is_offered:
        advice = "This client may not use this grant_type."
        return OAuthError("unauthorized_client", advice, detail=detail)
    return OAuthError("unsupported_grant_type", _ADVICE.get(grant_type), detail=detail)


TOKEN = Endpoint(
    context=TokenContext[Any],
    steps=(
        check_method("POST"),
        check_form_body,
        reject_repeats_in_form,
        authenticate_client,
        load_confirmation,
        run_grant,
    ),
    error_response=json_error,
    refusal_event="token_refused",
)
