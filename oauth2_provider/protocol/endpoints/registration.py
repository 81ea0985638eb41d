"""The client registration endpoint (RFC 7591 §3, OpenID Connect Registration §3) and the client configuration endpoint
(RFC 7592 §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from ..bearer import bearer_error, presented_token
from ..client_authentication import offered_methods
from ..client_registration.answer import registration_answer
from ..client_registration.metadata import (
    KEY_METHODS,
    SECRET_METHODS,
    Offer,
    invalid_metadata,
    read_metadata,
)
from ..client_registration.policy import HOUR, IMPLICIT_GRANTS, RegistrationPolicy
from ..client_registration.ports import (
    Registration,
    RegistrationChange,
    RegistrationPorts,
    RegistrationStore,
)
from ..client_registration.profile import security_profile_of
from ..client_registration.remote_checks import (
    check_destinations,
    check_sector_identifier,
    fetch_logo,
)
from ..errors import OAuthError
from ..messages import Response
from ..parts import Endpoint
from ..ports import Document
from ..request_checks import check_method
from ..secret_hashing import REGISTRATION_TOKEN_PREFIX, hash_secret, is_same_hash, new_secret
from ..security_profiles import PROFILES
from ..server import AuthorizationServer, Context
from ..settings import Settings
from ..strict_json import parse_object
from ..web_address import host_of
from .json_error import json_error

MAXIMUM_LENGTH = 65536
_METHODS = SECRET_METHODS | KEY_METHODS | {"tls_client_auth", "none"}


@dataclass(kw_only=True)
class RegistrationContext(Context):
    """``initial_token_hash``: of the token that allows this registration.

    ``is_anonymous``: whether no such token ever stood behind the client.
    """

    policy: RegistrationPolicy = field(init=False)
    initial_token_hash: str | None = None
    is_anonymous: bool = True
    document: Mapping[str, Any] = field(init=False)
    metadata: dict[str, Any] = field(init=False)
    logo: Document | None = None
    registration: Registration = field(init=False)

    @property
    def registrations(self) -> RegistrationStore:
        return cast(RegistrationPorts, self.ports).registrations


def load_policy(context: RegistrationContext) -> None:
    context.policy = context.registrations.policy()


def check_initial_access_token(context: RegistrationContext) -> None:
    """RFC 7591 §3: who may register at all."""
    if "authorization" not in context.request.headers:
        if not (context.policy.is_open or context.policy.trusted_hosts):
            raise bearer_error("invalid_token", "An initial access token is needed.")
        return
    token_hash = hash_secret(_presented(context))
    if not context.registrations.is_initial_access_token(token_hash, context.now):
        raise bearer_error("invalid_token", "The initial access token is unknown or used up.")
    context.initial_token_hash = token_hash
    context.is_anonymous = False


def check_limits(context: RegistrationContext) -> None:
    """Registrations cost rows for ever, so there is an end to them."""
    counts = context.registrations.count(context.request.remote_address, context.now - HOUR)
    policy = context.policy
    if counts.clients >= policy.maximum_clients:
        raise OAuthError("temporarily_unavailable", "No more clients can be registered.")
    if context.is_anonymous and (
        counts.recent >= policy.hourly_limit
        or counts.recent_of_address >= policy.hourly_limit_per_address
    ):
        raise OAuthError(
            "temporarily_unavailable",
            "Too many registrations, try again later.",
            status=429,
            headers=(("Retry-After", str(HOUR)),),
        )


def load_document(context: RegistrationContext) -> None:
    if context.request.mimetype != "application/json":
        raise OAuthError("invalid_client_metadata", "Send application/json.", status=415)
    try:
        context.document = parse_object(context.request.body, maximum_length=MAXIMUM_LENGTH)
    except ValueError as error:
        raise invalid_metadata(str(error)) from error


def load_metadata(context: RegistrationContext) -> None:
    policy, parts = context.policy, context.server.parts
    response_types = {
        value
        for value in PROFILES["oidc"].response_types
        if set(value.split()) <= parts.response_types.keys()
    }
    methods = {method.name for method in offered_methods(context.server)}
    context.metadata = read_metadata(
        context.document,
        Offer(
            methods=_METHODS & methods,
            response_types=response_types,
            grant_types=policy.anonymous_grants if context.is_anonymous else IMPLICIT_GRANTS,
            scope=policy.scope,
            bindings=_bindings(context.settings),
            details_types=context.settings.authorization_details_types,
            allows_fapi2=policy.allows_fapi2,
        ),
    )


def _bindings(settings: Settings) -> frozenset[str]:
    """What tokens can be bound to here."""
    return frozenset(
        {"none"} | ({"dpop"} if settings.dpop else set()) | ({"mtls"} if settings.mtls else set())
    )


def check_trusted_hosts(context: RegistrationContext) -> None:
    """An anonymous client of a closed server must belong to somebody whom the administrator knows."""
    if context.policy.is_open or not context.is_anonymous:
        return
    for uri in context.metadata["redirect_uris"]:
        if not uri.startswith("https://") or host_of(uri) not in context.policy.trusted_hosts:
            raise OAuthError("invalid_redirect_uri", "Clients of this host cannot register here.")


def check_other_servers(context: RegistrationContext) -> None:
    check_destinations(context, context.metadata)
    check_sector_identifier(context, context.metadata)
    context.logo = fetch_logo(context, context.metadata)


def register(context: RegistrationContext) -> None:
    token_hash = context.initial_token_hash
    if token_hash and not context.registrations.use_initial_access_token(token_hash, context.now):
        raise bearer_error("invalid_token", "The initial access token is unknown or used up.")
    randomness = context.ports.randomness
    identifier = randomness.token()
    token, change, secret = _change(context, needs_secret=_has_secret_method(context.metadata))
    try:
        context.registrations.add(
            identifier, change, context.now, is_anonymous=context.is_anonymous
        )
    except ValueError as error:
        raise invalid_metadata(str(error)) from error
    registration = Registration(
        identifier, context.metadata, context.now, secret is not None, context.is_anonymous
    )
    _load_client(context, identifier)
    context.record("client_registered")
    context.response = registration_answer(
        context.settings, registration, token, secret=secret, status=201
    )


def load_registration(context: RegistrationContext) -> None:
    """RFC 7592 §2: the token is for one client, and a client that is gone has none."""
    token_hash = hash_secret(_presented(context))
    identifier = context.request.path_client_identifier or ""
    to_change = context.request.method != "GET"
    found = context.registrations.find(identifier, token_hash, to_change=to_change)
    if found is None:
        raise bearer_error("invalid_token", "The registration access token is not for this client.")
    context.registration = found
    context.is_anonymous = found.is_anonymous


def read_registration(context: RegistrationContext) -> None:
    """RFC 7592 §2.1."""
    if context.request.method == "GET":
        context.response = registration_answer(
            context.settings, context.registration, _presented(context)
        )


def delete_registration(context: RegistrationContext) -> None:
    """RFC 7592 §2.3."""
    if context.request.method == "DELETE":
        identifier = context.registration.client_identifier
        _load_client(context, identifier)
        context.record("client_unregistered")
        context.registrations.delete(identifier)
        context.response = Response(status=204)


def check_identity(context: RegistrationContext) -> None:
    """RFC 7592 §2.2: an update repeats who it is about, and cannot choose a secret."""
    document, registration = context.document, context.registration
    if document.get("client_id") != registration.client_identifier:
        raise invalid_metadata("client_id is not that of the client.")
    secret = document.get("client_secret")
    if secret is not None:
        client = context.ports.clients.find_client(registration.client_identifier)
        known = client.secrets if client else ()
        if not isinstance(secret, str) or not any(
            is_same_hash(hash_secret(secret), stored.secret_hash) for stored in known
        ):
            raise invalid_metadata("client_secret is not that of the client.")


def replace_registration(context: RegistrationContext) -> None:
    before = context.registration
    needs_secret = _has_secret_method(context.metadata) and not before.has_secret
    # The old token ends with the old registration (RFC 7592 §5).
    token, change, secret = _change(context, needs_secret=needs_secret)
    try:
        context.registrations.replace(before.client_identifier, change)
    except ValueError as error:
        raise invalid_metadata(str(error)) from error
    after = replace(before, metadata=context.metadata)
    context.response = registration_answer(context.settings, after, token, secret=secret)


def _presented(context: RegistrationContext) -> str:
    return presented_token(context.request, accept_query=False, accept_dpop=False).secret


def _change(
    context: RegistrationContext, *, needs_secret: bool
) -> tuple[str, RegistrationChange, str | None]:
    """A new registration token, what is to be stored, and a new secret if one is needed."""
    randomness = context.ports.randomness
    token, token_hash = new_secret(REGISTRATION_TOKEN_PREFIX, randomness)
    secret = randomness.token() if needs_secret else None
    change = RegistrationChange(
        metadata=context.metadata,
        security_profile=security_profile_of(
            context.metadata, allows_fapi2=context.policy.allows_fapi2
        ),
        registration_token_hash=token_hash,
        secret_hash=None if secret is None else hash_secret(secret),
        logo=context.logo,
    )
    return token, change, secret


def _has_secret_method(metadata: Mapping[str, Any]) -> bool:
    return metadata["token_endpoint_auth_method"] in SECRET_METHODS


def _load_client(context: RegistrationContext, identifier: str) -> None:
    """So that the event names it."""
    client = context.ports.clients.find_client(identifier)
    if client is not None:
        context.client = client


def registration_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    return {"registration_endpoint": f"{server.settings.issuer}/oauth2/register"}


def document_metadata(_server: AuthorizationServer) -> Mapping[str, Any]:
    """For servers that read the metadata documents of clients."""
    return {"client_id_metadata_document_supported": True}


REGISTRATION = Endpoint(
    context=RegistrationContext,
    steps=(
        check_method("POST"),
        load_policy,
        check_initial_access_token,
        check_limits,
        load_document,
        load_metadata,
        check_trusted_hosts,
        check_other_servers,
        register,
    ),
    error_response=json_error,
    refusal_event="registration_refused",
)
CLIENT_CONFIGURATION = Endpoint(
    context=RegistrationContext,
    steps=(
        check_method("GET", "PUT", "DELETE"),
        load_policy,
        load_registration,
        read_registration,
        delete_registration,
        load_document,
        check_identity,
        load_metadata,
        check_trusted_hosts,
        check_other_servers,
        replace_registration,
    ),
    error_response=json_error,
    refusal_event="registration_refused",
)
