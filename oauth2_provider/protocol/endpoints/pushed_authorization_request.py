"""The pushed authorization request endpoint: the client sends its request itself and gets a reference (RFC 9126 §2)."""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..authorization_request.dpop_jkt import bind_to_proven_key
from ..authorization_request.pushed_request import remember_pushed_request
from ..authorization_request.request_object import load_pushed_request_object
from ..client_authentication import authenticate_client
from ..errors import OAuthError
from ..messages import Parameters, Response
from ..parts import Endpoint
from ..request_checks import check_form_body, check_method, reject_repeats_in_form
from .authorization import REQUEST_CHECKS
from .json_error import json_error

# They prove the client here and now; stored with the request they would be secrets in clear.
_CREDENTIALS = frozenset(
    {"client_id", "client_secret", "client_assertion", "client_assertion_type"}
)


def load_pushed_parameters(context: AuthorizationContext) -> None:
    """RFC 9126 §2.1: all that an authorization request may hold, for the client that authenticated."""
    identifier = ("client_id", context.client.client_identifier)
    sent = [pair for pair in context.request.form.pairs if pair[0] not in _CREDENTIALS]
    context.parameters = Parameters.of([identifier, *sent])


def reject_reference(context: AuthorizationContext) -> None:
    """RFC 9126 §2.1: what is pushed is a request, not a reference to another one."""
    if "request_uri" in context.parameters.names():
        raise OAuthError("invalid_request", "request_uri cannot be pushed.")


def issue_request_uri(context: AuthorizationContext) -> None:
    request_uri = remember_pushed_request(context)
    lifetime = context.settings.pushed_request_lifetime
    context.response = Response(
        status=201, json={"request_uri": request_uri, "expires_in": lifetime}
    )


PUSHED_AUTHORIZATION_REQUEST = Endpoint(
    context=AuthorizationContext,
    steps=(
        check_method("POST"),
        check_form_body,
        reject_repeats_in_form,
        authenticate_client,
        load_pushed_parameters,
        reject_reference,
        load_pushed_request_object,
        bind_to_proven_key,
        *REQUEST_CHECKS,
        issue_request_uri,
    ),
    error_response=json_error,
    refusal_event="authorization_refused",
)
