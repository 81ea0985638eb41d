"""The revocation endpoint: a client gives back what it no longer needs (RFC 7009)."""

from __future__ import annotations

from ..client_authentication import authenticate_client
from ..errors import OAuthError
from ..messages import Response
from ..parts import Endpoint
from ..request_checks import check_form_body, check_method, reject_repeats_in_form
from ..server import Context
from ..tokens.presented import find_reference
from .client_token import token_in_form
from .json_error import json_error


def revoke_token(context: Context) -> None:
    """Either kind of token ends the whole authorization: what one "yes" created goes together (RFC 7009 §2.1).

    An unknown token is a success: the client wants it gone, and gone it is (RFC 7009 §2.2).
    """
    context.response = Response()
    authorization = find_reference(context, token_in_form(context))
    if authorization is None:
        return
    if authorization.client_id != context.client.id:
        raise OAuthError("unauthorized_client", "The token was issued to another client.")
    if authorization.is_revoked:
        return
    event = context.event("revoked", authorization.user_id, "by the client")
    context.ports.authorizations.revoke_authorization(authorization.id, "client", event)


REVOCATION = Endpoint(
    context=Context,
    steps=(
        check_method("POST"),
        check_form_body,
        reject_repeats_in_form,
        authenticate_client,
        revoke_token,
    ),
    error_response=json_error,
    refusal_event="token_refused",
)
