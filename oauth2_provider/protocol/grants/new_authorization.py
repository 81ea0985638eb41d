"""Authorizations that begin at the token endpoint: no browser came by, so nothing was recorded before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..authentication_level import meets_demands
from ..claims_request import NO_CLAIMS
from ..entities.authorization import Authorization, Ground, NewAuthorization, about_client
from ..entities.client import OFFLINE_ACCESS
from ..entities.end_user import EndUser, ProvenLogin
from ..errors import OAuthError
from ..scope import parse_scope
from ..secret_hashing import new_identifier
from . import TokenContext, check_authorization_is_live, invalid_grant

# Scopes of a person's login; without one there is nobody to tell about and nothing to renew.
_OF_A_LOGIN = frozenset({"openid", OFFLINE_ACCESS})


def requested_scope(context: TokenContext[Any], allowed: frozenset[str]) -> frozenset[str]:
    """What the client asks for, else all that it may have (RFC 6749 §3.3).

    :param allowed: what this grant could give at most
    :raises OAuthError: invalid_scope if it asks for more, or if nothing is left
    """
    allowed -= _OF_A_LOGIN
    scope = parse_scope(context.request.form.get("scope") or "") or allowed
    if not scope:
        raise OAuthError("invalid_scope", "This client may not have any scope with this grant.")
    if not scope <= allowed:
        refused = " ".join(sorted(scope - allowed))
        raise OAuthError("invalid_scope", detail=f"not allowed with this grant: {refused[:500]}")
    return scope


def begin_authorization(
    context: TokenContext[Any],
    user: EndUser,
    expires_at: int,
    *,
    login: ProvenLogin | None = None,
    act: Mapping[str, Any] | None = None,
    origins: tuple[Ground, ...] = (),
    sharing_key: str | None = None,
) -> None:
    """Record that the context's client acts for ``user``, within ``context.scope``, if policy lets it.

    :param expires_at: seconds since 1970 UTC
    :param login: that it goes back to, if it does
    :param act: who acts for the user (RFC 8693 §4.1)
    :param origins: the grounds of the authorization that it is derived from
    :param sharing_key: of requests that are to share it, see ``NewAuthorization``
    """
    client = context.client
    if login is not None:
        check_level(context, login.amr)
    new = NewAuthorization(
        client_id=client.id,
        user_id=user.id,
        scope=context.scope,
        redirect_uri="",
        session_hash=None,
        auth_time=login.auth_time if login else None,
        created_at=context.now,
        expires_at=expires_at,
        identifier=new_identifier(context.ports.randomness),
        epoch=user.epoch + client.epoch,
        is_offline=OFFLINE_ACCESS in context.scope,
        audience=context.audience,
        authorization_details=context.authorization_details,
        act=act,
        origins=tuple(origin.id for origin in origins),
        acr=login.acr if login else None,
        amr=login.amr if login else (),
        sharing_key=sharing_key,
    )
    context.authorization = Authorization(
        id=0,
        client_id=client.id,
        user=user,
        scope=new.scope,
        created_at=new.created_at,
        expires_at=new.expires_at,
        identifier=new.identifier,
        is_offline=new.is_offline,
        audience=new.audience,
        authorization_details=new.authorization_details,
        act=act,
        origins=origins,
        auth_time=new.auth_time,
        acr=new.acr,
        amr=new.amr,
        epoch=new.epoch,
        **about_client(client),
    )
    check_authorization_is_live(context)
    authorization_id = context.ports.authorizations.add_authorization(new)
    context.authorization = replace(context.authorization, id=authorization_id)


def check_level(context: TokenContext[Any], methods: Sequence[str]) -> None:
    """The login with these methods (RFC 8176) is one that the client may be held to by now."""
    client = context.client
    if not meets_demands(context.settings, client, NO_CLAIMS, methods):
        raise invalid_grant(f"the application needs a login with {client.required_acr}")
