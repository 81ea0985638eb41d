"""The introspection endpoint: what a token is worth at this moment (RFC 7662)."""

from __future__ import annotations

from typing import Any

from ..client_authentication import authenticate_client, invalid_client
from ..entities import AccessToken, RefreshToken
from ..messages import Response
from ..request_checks import check_form_body, check_method, reject_repeats_in_form
from ..scope import format_scope
from ..server import Context, Endpoint
from ..subject import subject_of
from ..tokens.jwt_access_token import audience_member
from .client_token import find_token_in_form
from .json_error import json_error


def check_client_is_confidential(context: Context) -> None:
    """RFC 7662 §2.1: who can prove nothing could try out tokens here."""
    if context.client.is_public:
        raise invalid_client("a public client asked for introspection")


def describe_token(context: Context) -> None:
    """A dead token, an unknown one and somebody else's look the same (RFC 7662 §2.2)."""
    token = find_token_in_form(context)
    is_own = token is not None and token.authorization.client_id == context.client.id
    if token is None or not is_own or not _is_active(context, token):
        context.response = Response(json={"active": False})
        return
    context.response = Response(json=_members(context, token))


def _is_active(context: Context, token: AccessToken | RefreshToken) -> bool:
    is_used_up = isinstance(token, RefreshToken) and token.is_replayed
    return (
        context.now < token.expires_at
        and not is_used_up
        and token.authorization.is_live(context.now)
    )


def _members(context: Context, token: AccessToken | RefreshToken) -> dict[str, Any]:
    authorization = token.authorization
    members: dict[str, Any] = {
        "active": True,
        "iss": context.settings.issuer,
        "sub": subject_of(context.settings, authorization.user, authorization),
        "client_id": authorization.client_identifier,
        "scope": format_scope(token.scope),
        "exp": token.expires_at,
    }
    if isinstance(token, AccessToken):
        members |= {
            "aud": audience_member(token.audience),
            "token_type": token.confirmation.token_type,
            "iat": token.issued_at,
        }
    if authorization.act is not None:
        members["act"] = dict(authorization.act)
    if token.confirmation.is_bound:
        members["cnf"] = token.confirmation.members()
    return members


INTROSPECTION = Endpoint(
    context=Context,
    steps=(
        check_method("POST"),
        check_form_body,
        reject_repeats_in_form,
        authenticate_client,
        check_client_is_confidential,
        describe_token,
    ),
    error_response=json_error,
    refusal_event="token_refused",
)
