"""The authorization server: runs an endpoint's steps and turns a refusal into that endpoint's answer.

Everything the server can do is listed in ``Parts``; what it needs from outside, in ``Ports``. A new grant, client
authentication method, response type, response mode or endpoint is a new file and one more entry in ``Parts``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import ports as port
from .entities.client import Client
from .entities.end_user import EndUser
from .entities.event import Event
from .errors import OAuthError
from .messages import Request, Response
from .parts import (
    ClientAuthenticationMethod,
    Endpoint,
    Grant,
    InteractionCheck,
    ResponseMode,
    ResponseTypePart,
)
from .refusal_events import record_refusal
from .settings import Settings


@dataclass(frozen=True)
class Ports:
    """The outside world of one request."""

    clock: port.Clock
    randomness: port.Randomness
    clients: port.ClientStore
    requests: port.AuthorizationRequestStore
    authorizations: port.AuthorizationStore
    tokens: port.TokenStore
    consents: port.ConsentStore
    device_codes: port.DeviceCodeStore
    attempts: port.AttemptLog
    places: port.Places
    trusted_issuers: port.TrustedIssuerStore
    resources: port.ResourceStore
    end_users: port.EndUserDirectory
    sessions: port.EndUserSessions
    logout_requests: port.LogoutRequestStore
    events: port.EventLog
    signing_keys: port.SigningKeys
    outbound: port.Outbound
    replays: port.ReplayStore
    documents: port.FetchedDocumentStore
    server_secret: port.ServerSecret


@dataclass(kw_only=True)
class Context:
    """What is known so far about the request under way. A step reads it, adds to it or raises.

    ``answer_headers``: to be added to the answer, whether it grants or refuses.
    """

    request: Request
    server: AuthorizationServer
    now: int
    response: Response | None = None
    answer_headers: list[tuple[str, str]] = field(default_factory=list)
    client: Client = field(init=False)

    @property
    def ports(self) -> Ports:
        return self.server.ports

    @property
    def settings(self) -> Settings:
        return self.server.settings

    def record(
        self,
        event_type: str,
        *,
        user: EndUser | None = None,
        detail: str = "",
        interval: int | None = None,
    ) -> None:
        """Write a line of the audit trail about this request.

        :param interval: seconds in which one line is enough for all that is the same in words, client and user
        """
        self.ports.events.record(
            self.event(event_type, user.id if user else None, detail),
            unless_since=None if interval is None else self.now - interval,
        )

    def event(self, event_type: str, user_id: int | None, detail: str) -> Event:
        """What has just happened to this request."""
        client: Client | None = getattr(self, "client", None)
        return Event(
            event_type=event_type,
            occurred_at=self.now,
            client_identifier=client.client_identifier if client else None,
            client_id=client.id if client else None,
            user_id=user_id,
            ip_address=self.request.remote_address,
            user_agent=self.request.user_agent,
            detail=detail,
        )


@dataclass(frozen=True)
class Parts:
    """The standards that are installed and switched on.

    ``metadata``: what each of them adds to the discovery document (RFC 8414 §2).
    """

    endpoints: Mapping[str, Endpoint[Any]]
    client_authentication: tuple[ClientAuthenticationMethod[Any], ...]
    grants: Mapping[str, Grant[Any]]
    response_types: Mapping[str, ResponseTypePart[Any]]
    response_modes: Mapping[str, ResponseMode]
    interaction: tuple[InteractionCheck[Any], ...]
    metadata: tuple[Callable[[AuthorizationServer], Mapping[str, Any]], ...] = ()

    def without_grants(self, grant_types: frozenset[str]) -> Parts:
        """The same without these grants and the endpoints that serve them alone."""
        dropped = {
            endpoint
            for grant_type in grant_types & self.grants.keys()
            for endpoint in self.grants[grant_type].endpoints
        }
        return replace(
            self,
            grants={name: part for name, part in self.grants.items() if name not in grant_types},
            endpoints={name: part for name, part in self.endpoints.items() if name not in dropped},
        )


@dataclass(frozen=True)
class AuthorizationServer:
    """One server for one request: parts and settings are shared, ports belong to the request."""

    parts: Parts
    settings: Settings
    ports: Ports

    def handle(self, endpoint_name: str, request: Request) -> Response:
        """Answer a request. Refusals are answers; only failures of the ports are raised."""
        endpoint: Endpoint[Any] = self.parts.endpoints[endpoint_name]
        context: Context = endpoint.context(
            request=request, server=self, now=self.ports.clock.now()
        )
        response = self._run(endpoint, context)
        if response is None:
            raise AssertionError(f"No step of the endpoint {endpoint_name} answered.")
        if not context.answer_headers:
            return response
        return replace(response, headers=(*response.headers, *context.answer_headers))

    def _run(self, endpoint: Endpoint[Any], context: Context) -> Response | None:
        try:
            for step in endpoint.steps:
                step(context)
                if context.response is not None:
                    return context.response
        except OAuthError as error:
            if endpoint.refusal_event and not error.is_routine:
                detail = f"{error.code}: {error.detail or error.description}"
                event = context.event(endpoint.refusal_event, _user_id_of(context), detail)
                record_refusal(self.ports.events, event)
            return endpoint.error_response(context, error)
        return None


def _user_id_of(context: Context) -> int | None:
    user: EndUser | None = getattr(context, "user", None)
    return user.id if user else None
