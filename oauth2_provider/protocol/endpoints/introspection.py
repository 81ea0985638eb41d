"""The introspection endpoint: what a token is worth at this moment (RFC 7662, RFC 9701)."""

from __future__ import annotations

from typing import Any

from ..client_authentication import authenticate_client, invalid_client
from ..entities.client import Client
from ..entities.token import AccessToken, RefreshToken
from ..jose.sign import sign
from ..liveness import is_live
from ..messages import Response
from ..parts import Endpoint
from ..request_checks import check_form_body, check_method, reject_repeats_in_form
from ..scope import format_scope
from ..server import Context
from ..subject import subject_of
from ..tokens.jwt_access_token import audience_member
from ..tokens.presented import find_token
from .client_token import token_in_form
from .json_error import json_error

JWT_TYPE = "application/token-introspection+jwt"


def check_client_is_confidential(context: Context) -> None:
    """RFC 7662 §2.1: who can prove nothing could try out tokens here."""
    if context.client.is_public:
        raise invalid_client("a public client asked for introspection")


def describe_token(context: Context) -> None:
    """A dead token, an unknown one and somebody else's look the same (RFC 7662 §2.2)."""
    token = find_token(context, token_in_form(context))
    if token is None or not _may_know(context.client, token) or not _is_active(context, token):
        _answer(context, {"active": False})
        return
    _answer(context, _members(context, token))


def _may_know(client: Client, token: AccessToken | RefreshToken) -> bool:
    """A client knows its own tokens; a resource server the access tokens that are for it, by the name of its resource
    or, where they were exchanged for it (RFC 8693 §2.1), by its own."""
    if token.authorization.client_id == client.id:
        return True
    names = client.served_resources | {client.client_identifier}
    return isinstance(token, AccessToken) and not names.isdisjoint(token.audience)


def _answer(context: Context, members: dict[str, Any]) -> None:
    """Plainly, or signed for who wants to keep it as evidence (RFC 9701 §4 and §5)."""
    is_signed = JWT_TYPE in context.request.headers.get("accept", "")
    if not is_signed or not context.settings.has_resource_servers:
        context.response = Response(json=members)
        return
    envelope = {
        "iss": context.settings.issuer,
        "aud": context.client.client_identifier,
        "iat": context.now,
        "token_introspection": members,
    }
    algorithm = context.client.introspection_signed_response_alg
    key = context.ports.signing_keys.signing_key(algorithm)
    jwt = sign(envelope, key, typ=JWT_TYPE.removeprefix("application/"))
    context.response = Response(jwt=jwt, jwt_type=JWT_TYPE)


def _is_active(context: Context, token: AccessToken | RefreshToken) -> bool:
    is_used_up = isinstance(token, RefreshToken) and token.is_replayed
    return not is_used_up and is_live(context, token)


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
            # RFC 9470 §6.2.
            "auth_time": authorization.auth_time,
            "acr": authorization.acr,
            "amr": list(authorization.amr),
            # RFC 9396 §9.2.
            "authorization_details": list(token.authorization_details),
        }
    if authorization.act is not None:
        members["act"] = dict(authorization.act)
    if token.confirmation.is_bound:
        members["cnf"] = token.confirmation.members()
    return {name: value for name, value in members.items() if value not in (None, [])}


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
