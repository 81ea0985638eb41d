"""Grants of the token endpoint (RFC 6749 §4 to §6): a file each, a tuple of steps each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

from ..claims import released_claims
from ..confirmation import NO_CONFIRMATION, Confirmation
from ..entities.authorization import Authorization
from ..entities.resource import AuthorizationDetails
from ..errors import OAuthError
from ..messages import Response
from ..ports import Randomness
from ..resource_indicators import default_audience
from ..server import Context
from ..tokens.access_token import make_access_token
from ..tokens.access_token_content import AccessTokenContent
from ..tokens.id_token import (
    Authentication,
    make_id_token,
    own_claims_of_id_token,
    scope_told_in_id_token,
)
from ..tokens.refresh_token import make_refresh_token
from ..tokens.succession import REFRESH_TOKEN, Succession

Presented = TypeVar("Presented")


@dataclass(kw_only=True)
class TokenContext(Context, Generic[Presented]):
    """A token request: all but the client is filled by the grant's own steps.

    ``nonce``: to be repeated in the ID token, if the grant leads back to an authorization request.
    ``presented``: what the client brings to be exchanged, as stored: a code, a refresh token, ...
    ``token_scope``: what of the scope the access token gets, if its audience does not know all of it.
    ``audience``, ``authorization_details``: what the access token is for.
    ``confirmation``: the keys that the sender of this request has proven; the tokens are bound to them.
    ``has_refresh_token``: whether the grant hands one out, if the client is registered for it.
    ``succession``: where the new tokens come from if they must be the same each time.
    """

    presented: Presented = field(init=False)
    authorization: Authorization = field(init=False)
    scope: frozenset[str] = field(init=False)
    token_scope: frozenset[str] | None = None
    nonce: str | None = None
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()
    confirmation: Confirmation = NO_CONFIRMATION
    has_refresh_token: bool = True
    succession: Succession | None = None

    def parameter(self, name: str) -> str:
        """A required parameter of the form.

        :raises OAuthError: invalid_request if it is missing
        """
        value = self.request.form.get(name)
        if value is None:
            raise OAuthError("invalid_request", f"{name} is missing.")
        return value


def invalid_grant(detail: str) -> OAuthError:
    """One answer for every reason; the reason itself is for the event log."""
    return OAuthError("invalid_grant", detail=detail)


def refuse_replay(context: TokenContext[Any], *, reason: str, what: str) -> NoReturn:
    """End the family and refuse: a second use means that two parties hold ``what``, one of them a thief.

    :param reason: of the revocation
    """
    authorization = context.authorization
    event = context.event("replay_detected", authorization.user.id, what)
    context.ports.authorizations.revoke_authorization(authorization.id, reason, event)
    raise invalid_grant(f"the {what} was used before")


def check_authorization_is_live(context: TokenContext[Any]) -> None:
    """Step: the end-user, the client and the "yes" between them still stand, and policy still lets them."""
    authorization, client = context.authorization, context.client
    if not authorization.is_live(context.now):
        raise invalid_grant("the authorization has ended, or its end-user or client is inactive")
    if client.group_ids and not context.ports.end_users.is_member(
        authorization.user, client.group_ids
    ):
        raise invalid_grant("the end-user no longer belongs to a group of this client")


def scope_still_allowed(context: TokenContext[Any], granted: frozenset[str]) -> frozenset[str]:
    """What is left of a granted scope: what an administrator has taken from the client since is not granted any longer.

    :raises OAuthError: invalid_grant if nothing is left
    """
    scope = granted & context.client.allowed_scope
    if not scope:
        raise invalid_grant("all of the scope has been taken from the client")
    return scope


def issue_tokens(context: TokenContext[Any]) -> None:
    """Step: an access token, a refresh token if the client is registered for it (RFC 6749 §5.1), and for OpenID
    requests an ID token (OpenID Connect Core §3.1.3.3, §12.2)."""
    authorization = context.authorization
    content = _content(context)
    tokens, members = make_access_token(context, content, _randomness(context, content.key()))
    if context.has_refresh_token and "refresh_token" in context.client.grant_types:
        refresh_token, answer = make_refresh_token(
            context,
            authorization.scope,
            authorization.expires_at,
            _randomness(context, REFRESH_TOKEN),
            context.confirmation if context.client.is_public else NO_CONFIRMATION,
        )
        tokens.append(refresh_token)
        members |= answer
    if "openid" in context.scope:
        members["id_token"] = _id_token(context, access_token=members["access_token"])
    context.ports.tokens.add_tokens(authorization.id, tokens)
    context.response = Response(json=members)


def _randomness(context: TokenContext[Any], what: str) -> Randomness:
    return context.succession.of(what) if context.succession else context.ports.randomness


def _content(context: TokenContext[Any]) -> AccessTokenContent:
    authorization = context.authorization
    scope = context.scope if context.token_scope is None else context.token_scope
    return AccessTokenContent(
        authorization_identifier=authorization.identifier,
        authentication=_authentication(authorization),
        scope=scope,
        absolute_end=authorization.expires_at,
        audience=context.audience or default_audience(context, scope),
        confirmation=context.confirmation,
        authorization_details=context.authorization_details or authorization.authorization_details,
        act=authorization.act,
    )


def _authentication(authorization: Authorization) -> Authentication:
    return Authentication(
        authorization.user,
        authorization.auth_time,
        authorization.acr,
        authorization.amr,
        authorization.session_hash,
    )


def _id_token(context: TokenContext[Any], *, access_token: str) -> str:
    """Of the login that the authorization goes back to, however long ago."""
    authorization = context.authorization
    return make_id_token(
        context,
        _authentication(authorization),
        claims=released_claims(
            authorization.user,
            scope_told_in_id_token(context.client, context.scope),
            authorization.claims.id_token,
        )
        | own_claims_of_id_token(
            context, authorization.user, context.scope | authorization.claims.own_scope
        ),
        nonce=context.nonce,
        access_token=access_token,
    )


def issue_access_token(context: TokenContext[Any]) -> None:
    """Step: an access token alone, for grants in which nobody logs in and nothing is to be renewed."""
    authorization = context.authorization
    tokens, members = make_access_token(context, _content(context), context.ports.randomness)
    context.ports.tokens.add_tokens(authorization.id, tokens)
    context.response = Response(json=members)


def record_token(context: TokenContext[Any]) -> None:
    """Step: of the grants that issue an access token alone."""
    context.record("token_issued", user=context.authorization.user)
