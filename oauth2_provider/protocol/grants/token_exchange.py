"""grant_type token-exchange: an access token for one client becomes one for another (RFC 8693 §2).

Whose tokens a client may exchange, for whom, and whether it may stay invisible is an administrator's policy. Who acts
is written into the new token, around all who acted before, and no parameter can take that away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..entities.end_user import ProvenLogin
from ..entities.token import AccessToken
from ..errors import OAuthError
from ..liveness import is_live
from ..parts import Grant
from ..security_profiles import PROFILES
from ..subject import subject_of
from ..tokens.presented import find_access_token
from . import TokenContext, issue_access_token, record_token
from .client_credentials import check_client_is_confidential
from .new_authorization import begin_authorization, requested_scope
from .requested_access import load_resources

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:access_token"
MAXIMUM_ACTORS = 5

ExchangeContext = TokenContext[AccessToken]


def _unacceptable(detail: str) -> OAuthError:
    """RFC 8693 §2.2.2: one error for whatever is wrong with either token."""
    return OAuthError("invalid_request", "The token cannot be exchanged.", detail=detail)


def check_token_types(context: ExchangeContext) -> None:
    """RFC 8693 §2.1: a type comes with its token, and access tokens are all that is exchanged here."""
    form = context.request.form
    types = [context.parameter("subject_token_type"), form.get("requested_token_type")]
    if (form.get("actor_token") is None) != (form.get("actor_token_type") is None):
        raise OAuthError("invalid_request", "actor_token and actor_token_type belong together.")
    types.append(form.get("actor_token_type"))
    if set(types) - {ACCESS_TOKEN_TYPE, None}:
        raise OAuthError("invalid_request", "Only access tokens can be exchanged.")


def load_subject_token(context: ExchangeContext) -> None:
    token = _exchangeable_token(context, context.parameter("subject_token"))
    client, issued_to = context.client, token.authorization.client_id
    if issued_to != client.id and issued_to not in client.exchange_client_ids:
        raise _unacceptable("it was issued to an application that this one is not trusted with")
    context.presented = token


def _exchangeable_token(context: ExchangeContext, value: str) -> AccessToken:
    token = find_access_token(context, value)
    if token is None:
        raise _unacceptable("unknown access token")
    if not is_live(context, token):
        raise _unacceptable("the access token has expired or was revoked")
    if PROFILES[token.authorization.security_profile].own_userinfo_only:
        raise _unacceptable("a token of the login for another Odoo is for UserInfo alone")
    if token.confirmation.is_bound and not context.confirmation.is_bound:
        # Else an exchange would make a bearer token of it: whoever came by it needs a key of their own at least.
        raise _unacceptable("the access token is bound to a key, so the new one must be, too")
    return token


def load_exchanged_scope(context: ExchangeContext) -> None:
    context.scope = requested_scope(context, context.presented.scope & context.client.scope)


def add_audience(context: ExchangeContext) -> None:
    """RFC 8693 §2.1: the service that the new token is for, beside resources; without a word about it, us."""
    audience = context.request.form.get("audience")
    if audience is None:
        return
    if audience not in context.client.exchange_audiences:
        raise OAuthError("invalid_target", "This client may not get tokens for that audience.")
    context.audience = (*context.audience, audience)


def begin_exchanged_authorization(context: ExchangeContext) -> None:
    """It ends with the token that was shown, and with all that was shown for that one before."""
    token = context.presented
    origin = token.authorization
    act = _acting(context)
    if _depth(act) > MAXIMUM_ACTORS:
        raise _unacceptable("too many have acted for one another")
    begin_authorization(
        context,
        origin.user,
        min(token.expires_at, context.now + context.client.access_token_lifetime),
        login=ProvenLogin(origin.user, origin.auth_time, origin.amr, origin.acr),
        act=act,
        origins=origin.grounds,
    )
    context.record(
        "token_exchanged",
        user=origin.user,
        detail=f"token of {origin.client_identifier} for {' '.join(context.audience) or 'us'}",
    )


def _acting(context: ExchangeContext) -> Mapping[str, Any] | None:
    """RFC 8693 §4.1: the newest actor outermost, those before inside. Only who may impersonate adds nobody."""
    before = context.presented.authorization.act
    actor_token = context.request.form.get("actor_token")
    if actor_token is not None:
        newest = _actor(context, _exchangeable_token(context, actor_token))
    elif context.client.may_impersonate:
        return before
    else:
        newest = {"sub": context.client.client_identifier}
    return newest if before is None else {**newest, "act": before}


def _actor(context: ExchangeContext, token: AccessToken) -> dict[str, Any]:
    authorization = token.authorization
    if authorization.client_id != context.client.id:
        raise _unacceptable("the actor token was issued to another application")
    return {
        "sub": subject_of(context.settings, authorization.user, authorization),
        "client_id": authorization.client_identifier,
    }


def _depth(act: Mapping[str, Any] | None) -> int:
    return 0 if act is None else 1 + _depth(act.get("act"))


def name_token_type(context: ExchangeContext) -> None:
    """RFC 8693 §2.2.1."""
    if context.response is None:
        raise AssertionError("The type of a token is named before it is issued.")
    members = {**(context.response.json or {}), "issued_token_type": ACCESS_TOKEN_TYPE}
    context.response = replace(context.response, json=members)


TOKEN_EXCHANGE = Grant(
    GRANT_TYPE,
    (
        check_client_is_confidential,
        check_token_types,
        load_subject_token,
        load_exchanged_scope,
        load_resources,
        add_audience,
        begin_exchanged_authorization,
        issue_access_token,
        record_token,
        name_token_type,
    ),
)
