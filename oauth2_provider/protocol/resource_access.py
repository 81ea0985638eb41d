"""Who may use a protected resource of this server: token, audience, scope, login, and the refusal (RFC 6750 §3).

UserInfo answers by itself. Other resources are code that knows nothing of OAuth; it states a ``Demand``, and learns
from the ``Admission`` as whom and how far it acts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from .bearer import bearer_error
from .endpoints.json_error import json_error
from .endpoints.protected_resource import ResourceContext, load_access_token, resource_error
from .endpoints.protected_resource_metadata import metadata_address
from .entities.client import Client
from .entities.token import AccessToken
from .errors import OAuthError
from .interaction_id import echo_interaction_id
from .messages import Request, Response
from .scope import format_scope
from .security_profiles import PROFILES
from .server import AuthorizationServer
from .step_up import check_authentication

# Seconds in which the same refusal of the same client and user leaves one event.
EVENT_INTERVAL = 300
# A client is told to come again with more; nothing is wrong.
_ROUTINE = frozenset({"use_dpop_nonce", "insufficient_user_authentication"})


@dataclass(frozen=True)
class Demand:
    """What a resource asks of whoever uses it.

    ``resource``: its identifier, which the token must be for (RFC 8707).
    ``scope``: all of it must have been granted.
    ``any_scope``: one of these as well, if there are any; a refusal names the first.
    ``acr_values``, ``max_age``: what the login must have been (RFC 9470).
    """

    resource: str
    scope: frozenset[str] = frozenset()
    any_scope: tuple[str, ...] = ()
    acr_values: tuple[str, ...] = ()
    max_age: int | None = None

    @property
    def least_scope(self) -> str:
        return format_scope(self.scope | frozenset(self.any_scope[:1]))


@dataclass(frozen=True)
class Admission:
    """The request may go on as the user of the token.

    ``scope``: of the token, as far as the client may still have it.
    ``headers``: belong to the answer, whatever it is.
    """

    token: AccessToken
    client: Client
    scope: frozenset[str]
    scheme: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Refusal:
    """``is_of_stranger``: the request brought no token that we know, so somebody else may know it."""

    error: OAuthError
    response: Response
    is_of_stranger: bool


@dataclass(kw_only=True)
class AccessContext(ResourceContext):
    """``granted``: what of the token's scope counts."""

    demand: Demand
    granted: frozenset[str] = frozenset()


def reject_userinfo_tokens(context: AccessContext) -> None:
    """Tokens that a stock Odoo passes around in addresses open one address of UserInfo alone."""
    if PROFILES[context.access_token.authorization.security_profile].own_userinfo_only:
        raise resource_error(context, "invalid_token", "This token is for UserInfo alone.")


def load_client(context: AccessContext) -> None:
    """What was taken from a client after it got its token counts no more."""
    authorization = context.access_token.authorization
    client = context.ports.clients.find_client(authorization.client_identifier)
    if client is None:
        raise resource_error(context, "invalid_token")
    context.client = client
    context.granted = context.access_token.scope & client.allowed_scope


def check_scope(context: AccessContext) -> None:
    """RFC 6750 §3.1: the refusal says what would do."""
    demand = context.demand
    has_one = not demand.any_scope or not context.granted.isdisjoint(demand.any_scope)
    if not demand.scope <= context.granted or not has_one:
        raise resource_error(context, "insufficient_scope", scope=demand.least_scope)


def check_login(context: AccessContext) -> None:
    """RFC 9470."""
    demand = context.demand
    check_authentication(
        context, context.access_token, acr_values=demand.acr_values, max_age=demand.max_age
    )


STEPS: tuple[Callable[[AccessContext], None], ...] = (
    echo_interaction_id,
    load_access_token,
    reject_userinfo_tokens,
    load_client,
    check_scope,
    check_login,
)


def admit(server: AuthorizationServer, request: Request, demand: Demand) -> Admission | Refusal:
    """Whether the request may use the resource, and as whom. Only failures of the ports are raised."""
    now = server.ports.clock.now()
    context = AccessContext(
        request=request, server=server, now=now, resource=demand.resource, demand=demand
    )
    try:
        for step in STEPS:
            step(context)
    except OAuthError as error:
        _record_refusal(context, error)
        return _refusal(context, error)
    return Admission(
        context.access_token,
        context.client,
        context.granted,
        context.scheme,
        tuple(context.answer_headers),
    )


def refuse_scope(
    server: AuthorizationServer, request: Request, demand: Demand, admission: Admission
) -> Response:
    """The refusal of somebody who was admitted and then tried more than the scope allows."""
    context = _admitted_context(server, request, demand, admission)
    error = bearer_error("insufficient_scope", scope=demand.least_scope, scheme=admission.scheme)
    _record_refusal(context, error)
    return _refusal(context, error).response


def record_refused_use(
    server: AuthorizationServer,
    request: Request,
    demand: Demand,
    admission: Admission,
    detail: str,
) -> None:
    """For a resource that refuses for reasons of its own.

    :param detail: for administrators; of few possible values, since each of them may become an event
    """
    _record(_admitted_context(server, request, demand, admission), detail)


def _admitted_context(
    server: AuthorizationServer, request: Request, demand: Demand, admission: Admission
) -> AccessContext:
    now = server.ports.clock.now()
    context = AccessContext(request=request, server=server, now=now, demand=demand)
    context.access_token, context.client = admission.token, admission.client
    context.answer_headers += admission.headers
    return context


def _record_refusal(context: AccessContext, error: OAuthError) -> None:
    """Only of tokens that live: whoever has none can write nothing here, however often they try."""
    token: AccessToken | None = getattr(context, "access_token", None)
    if token is None or error.code in _ROUTINE:
        return
    authorization = token.authorization
    client = context.ports.clients.find_client(authorization.client_identifier)
    if client is None:
        return
    context.client = client
    _record(context, f"{error.code}: {error.detail or error.description}")


def _record(context: AccessContext, detail: str) -> None:
    user = context.access_token.authorization.user
    detail = f"{detail} ({context.demand.resource})"
    context.record("use_refused", user=user, detail=detail, interval=EVENT_INTERVAL)


def _refusal(context: AccessContext, error: OAuthError) -> Refusal:
    error.headers = tuple(
        (name, _with_more(context, value) if name == "WWW-Authenticate" else value)
        for name, value in error.headers
    )
    response = json_error(context, error)
    response = replace(response, headers=(*response.headers, *context.answer_headers))
    is_of_stranger = error.code == "invalid_token" and not hasattr(context, "access_token")
    return Refusal(error, response, is_of_stranger)


def _with_more(context: AccessContext, challenge: str) -> str:
    """RFC 9728 §5.1: where to read on. Who sent no token is also told what to ask for (RFC 6750 §3)."""
    demand = context.demand
    if ", error=" not in challenge and demand.least_scope:
        challenge += f', scope="{demand.least_scope}"'
    return f'{challenge}, resource_metadata="{metadata_address(demand.resource)}"'
