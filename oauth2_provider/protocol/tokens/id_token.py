"""ID tokens: who logged in, when and how, signed for one client (OpenID Connect Core §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..entities.client import Client
from ..entities.end_user import EndUser
from ..jose.algorithms import half_hash
from ..jose.sign import sign
from ..own_claims import claims_document
from ..server import Context
from ..session_identifier import sid_of
from ..subject import subject_of


@dataclass(frozen=True)
class Authentication:
    """The login that the token tells of."""

    user: EndUser
    auth_time: int | None
    acr: str | None
    amr: tuple[str, ...]
    session_hash: str = ""


def scope_told_in_id_token(
    client: Client, scope: frozenset[str], *, is_alone: bool = False
) -> frozenset[str]:
    """The part of the scope whose claims the ID token itself holds.

    :param is_alone: whether no access token comes with it, to ask UserInfo with (OpenID Connect Core §5.4)
    """
    return scope if is_alone or client.has_scope_claims_in_id_token else frozenset()


def own_claims_of_id_token(
    context: Context, user: EndUser, scope: frozenset[str]
) -> dict[str, Any]:
    """What an administrator made for the ID tokens of this client; nobody else's token pays for it.

    :param scope: what was granted, that of the client's own claims included
    """
    client = context.client
    if not client.has_own_claims:
        return {}
    claims = context.ports.end_users.own_claims(user, client.id)
    return claims_document([claim for claim in claims if claim.in_id_token], scope)


def make_id_token(
    context: Context,
    authentication: Authentication,
    *,
    claims: Mapping[str, Any],
    nonce: str | None = None,
    access_token: str | None = None,
    code: str | None = None,
) -> str:
    """A token for the context's client.

    :param claims: about the end-user, the asked-for ones alone; none of them can replace a member of the token itself
    :param access_token: issued at the same time, to be bound by at_hash (OpenID Connect Core §3.1.3.6)
    :param code: issued at the same time, to be bound by c_hash (OpenID Connect Core §3.3.2.11)
    """
    algorithm = context.client.id_token_signed_response_alg
    client_identifier = context.client.client_identifier
    members = {
        "iss": context.settings.issuer,
        "sub": subject_of(context.settings, authentication.user, context.client),
        "aud": client_identifier,
        "azp": client_identifier,
        "iat": context.now,
        "exp": context.now + context.settings.id_token_lifetime,
        "auth_time": authentication.auth_time,
        "acr": authentication.acr,
        "amr": list(authentication.amr) or None,
        "nonce": nonce,
        "sid": _sid(context, authentication),
        "at_hash": access_token and half_hash(access_token, algorithm),
        "c_hash": code and half_hash(code, algorithm),
    }
    own = {name: value for name, value in members.items() if value is not None}
    about_user = {name: value for name, value in claims.items() if name not in members}
    return sign(about_user | own, context.ports.signing_keys.signing_key(algorithm))


def _sid(context: Context, authentication: Authentication) -> str | None:
    """For clients that hear of the end of the session (OpenID Connect Front-Channel Logout §3)."""
    client, session_hash = context.client, authentication.session_hash
    if not client.hears_of_logout or not session_hash:
        return None
    return sid_of(session_hash, client.client_identifier)
