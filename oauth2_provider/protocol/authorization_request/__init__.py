"""The authorization request (RFC 6749 §4.1.1): one check per file, ordered in ``endpoints/authorization.py``."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..authentication_level import told_level
from ..claims import scope_of_claims
from ..claims_request import NO_CLAIMS, ClaimsRequest
from ..entities.authorization import AuthorizationRequest
from ..entities.end_user import EndUser, EndUserSession
from ..entities.resource import AuthorizationDetails, Resource
from ..errors import OAuthError
from ..issuer_identification import issuer_parameter
from ..messages import NO_STORE, Page, Parameters, Response
from ..parts import ResponseParameters
from ..response_modes.jwt import signed_response
from ..server import Context
from ..session_management import held_browser_state, make_session_state, origin_of
from .local_address import continue_address


@dataclass(frozen=True)
class Answer:
    """Where the answer goes. Only ``check_redirect_uri`` makes one, when the address is proven to be the client's.

    Without an Answer there is nothing to redirect to, so no earlier error can send a browser anywhere.
    """

    redirect_uri: str
    response_mode: str
    state: str | None


@dataclass(frozen=True)
class PendingRequest:
    """A stored request together with the handle that the browser holds."""

    handle: str
    stored: AuthorizationRequest


@dataclass(kw_only=True)
class AuthorizationContext(Context):
    """An authorization request on its way; the later half is filled once the end-user is known.

    ``is_by_reference``: whether the request object came from its address.
    ``resources``, ``audience``: what the tokens are wanted for, and its identifiers (RFC 8707 §2.1).
    ``dpop_jkt``: thumbprint of the key that must be proven when the code is redeemed (RFC 9449 §10).
    """

    parameters: Parameters = field(default_factory=Parameters)
    pushed_hash: str | None = None
    is_by_reference: bool = False
    answer: Answer | None = None
    response_type: frozenset[str] = frozenset()
    scope: frozenset[str] = frozenset()
    resources: tuple[Resource, ...] = ()
    audience: tuple[str, ...] = ()
    authorization_details: AuthorizationDetails = ()
    code_challenge: str | None = None
    dpop_jkt: str | None = None
    nonce: str | None = None
    claims: ClaimsRequest = NO_CLAIMS
    max_age: int | None = None
    hinted_subjects: frozenset[str] = frozenset()
    issued: list[tuple[str, str]] = field(default_factory=list)
    authorization_identifier: str = field(init=False)
    pending: PendingRequest = field(init=False)
    session: EndUserSession | None = None
    decision: str | None = None
    account_choice: str | None = None
    step_up_choice: str | None = None

    @property
    def user(self) -> EndUser | None:
        return self.session.user if self.session else None

    @property
    def end_user_session(self) -> EndUserSession:
        """The login, once the interaction has seen to it that there is one."""
        if self.session is None:
            raise AssertionError("The end-user is read before the login is proven.")
        return self.session

    @property
    def handle(self) -> tuple[str, str]:
        """Name and value of the field by which a page of ours finds the way back to this request."""
        return "rid", self.pending.handle

    @property
    def continue_address(self) -> str:
        """The local address at which the pending request goes on."""
        return continue_address(self.settings, self.pending.handle)

    @property
    def ui_locales(self) -> list[str]:
        """The languages that the client wishes for the pages, best first (OpenID Connect Core §3.1.2.1)."""
        return (self.parameters.get("ui_locales") or "").split()

    @property
    def consent_scope(self) -> frozenset[str]:
        """What the end-user is asked for: the scope, and for single claims the scope that would release them."""
        return self.scope | scope_of_claims(self.claims.names()) | self.claims.own_scope

    @property
    def acr(self) -> str | None:
        """The authentication level that the client is told."""
        return told_level(self.settings, self.client, self.claims, self.end_user_session.amr)

    @property
    def redirect_uri(self) -> str:
        """The proven redirect URI."""
        if self.answer is None:
            raise AssertionError("The redirect URI is read before it is proven.")
        return self.answer.redirect_uri


def respond_to_client(context: AuthorizationContext, parameters: ResponseParameters) -> Response:
    """Send the answer to the client, with its state and our name (RFC 6749 §4.1.2, RFC 9207)."""
    answer = context.answer
    if answer is None:
        raise AssertionError("An answer is sent before the redirect URI is proven.")
    state = [("state", answer.state)] if answer.state is not None else []
    mode = context.server.parts.response_modes[answer.response_mode]
    members: ResponseParameters = [*parameters, *state, issuer_parameter(context.settings)]
    if mode.is_signed:
        members = signed_response(context, members)
    return mode.respond(answer.redirect_uri, members)


def session_state_parameter(context: AuthorizationContext, state: str) -> list[tuple[str, str]]:
    """The member of an answer: of OpenID requests only, to clients on the web, which alone have an origin (Session
    Management §2).

    :param state: the browser state once the browser has the answer
    """
    origin = origin_of(context.redirect_uri)
    is_openid = "openid" in context.scope and context.response_type != {"token"}
    if origin is None or not is_openid:
        return []
    client_identifier = context.client.client_identifier
    salt = context.ports.randomness.token()[:22]
    return [("session_state", make_session_state(client_identifier, origin, state, salt))]


def authorization_error(context: AuthorizationContext, error: OAuthError) -> Response:
    """A refusal: to the client where that is proven safe, else on a page for the person (RFC 6749 §4.1.2.1)."""
    if context.answer is None:
        page = Page("error", error.members())
        return Response(status=error.status, page=page, headers=NO_STORE + error.headers)
    session_state = session_state_parameter(context, held_browser_state(context.request))
    return respond_to_client(context, [*error.members().items(), *session_state])
