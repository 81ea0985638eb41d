"""Steps of our own protected resources: find the access token, prove that it lives (RFC 6750)."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..bearer import BEARER, bearer_error, presented_token
from ..confirmation import NO_CONFIRMATION, Confirmation
from ..entities.token import AccessToken
from ..errors import OAuthError
from ..liveness import is_live
from ..security_profiles import PROFILES
from ..sender_constraint import check_sender
from ..server import Context
from ..subject import subject_of
from ..tokens.presented import find_access_token


@dataclass(kw_only=True)
class ResourceContext(Context):
    """A request to a protected resource.

    ``resource``: its identifier, which the token must be for; the issuer, if empty.
    ``scheme``: in which the token was sent, and in which a refusal is worded.
    ``confirmation``: the keys that its sender has proven.
    """

    access_token: AccessToken = field(init=False)
    resource: str = ""
    scheme: str = BEARER
    confirmation: Confirmation = NO_CONFIRMATION


def load_access_token(context: ResourceContext) -> None:
    """The one token in the header or the body."""
    _load(context, accept_query=False)


def load_access_token_also_from_query(context: ResourceContext) -> None:
    """Stock Odoo sends its token in the address; ``check_token_place`` sends everyone else away again."""
    _load(context, accept_query=True)


def _load(context: ResourceContext, *, accept_query: bool) -> None:
    presented = presented_token(
        context.request, accept_query=accept_query, accept_dpop=context.settings.dpop
    )
    context.scheme = presented.scheme
    token = find_access_token(context, presented.secret)
    if token is None or not is_live(context, token):
        raise resource_error(context, "invalid_token")
    context.access_token = token
    if (context.resource or context.settings.issuer) not in token.audience:
        raise resource_error(context, "invalid_token", "This token is for another resource.")
    context.confirmation = check_sender(context, presented, token)


def resource_error(
    context: ResourceContext, code: str, description: str | None = None, *, scope: str = ""
) -> OAuthError:
    """The refusal, with a challenge in the scheme of the request."""
    return bearer_error(code, description, scope=scope, scheme=context.scheme)


def subject_of_token(context: ResourceContext) -> str:
    """Who the end-user is for the client that the token was issued to."""
    authorization = context.access_token.authorization
    return subject_of(context.settings, authorization.user, authorization)


def client_members(context: ResourceContext) -> dict[str, str]:
    """For whom the token is, so that a client can refuse a stranger's; and ``user_id``, which releases of Odoo that do
    not know sub look for."""
    authorization = context.access_token.authorization
    return {
        "user_id": subject_of_token(context),
        "aud": authorization.client_identifier,
        "client_id": authorization.client_identifier,
    }


def check_client_of_address(context: ResourceContext) -> None:
    """An address per client answers for that client's tokens alone, in place of the check that stock Odoo lacks.

    Without it a token that a person gave to any application would open that person's account on the other system.
    """
    authorization = context.access_token.authorization
    profile = PROFILES[authorization.security_profile]
    of_address = context.request.path_client_identifier
    if of_address is None:
        if profile.own_userinfo_only:
            raise resource_error(
                context, "invalid_token", "This token is for the UserInfo address of its client."
            )
    elif of_address != authorization.client_identifier:
        raise resource_error(context, "invalid_token")


def check_token_place(context: ResourceContext) -> None:
    """RFC 9700 §4.3.2: only clients that cannot do better may send their token in the address."""
    profile = PROFILES[context.access_token.authorization.security_profile]
    if context.request.query.get("access_token") and not profile.own_userinfo_only:
        raise resource_error(
            context, "invalid_request", "An access token in the address is not accepted."
        )


def check_openid_scope(context: ResourceContext) -> None:
    """OpenID Connect Core §5.3: UserInfo is for tokens of OpenID requests; a stock Odoo may leave the scope out."""
    token = context.access_token
    profile = PROFILES[token.authorization.security_profile]
    if "openid" not in token.scope and not profile.own_userinfo_only:
        raise resource_error(context, "insufficient_scope", scope="openid")
