"""What registering a client and changing its registration have in common (RFC 7591 §3, RFC 7592 §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ..bearer import presented_token
from ..client_authentication import offered_methods
from ..errors import OAuthError
from ..ports import Document
from ..secret_hashing import REGISTRATION_TOKEN_PREFIX, hash_secret, new_secret
from ..security_profiles import PROFILES
from ..server import Context
from ..settings import Settings
from ..strict_json import parse_object
from ..web_address import host_of
from .metadata import (
    KEY_METHODS,
    SECRET_METHODS,
    Offer,
    invalid_metadata,
    read_metadata,
)
from .policy import IMPLICIT_GRANTS, RegistrationPolicy
from .ports import (
    Registration,
    RegistrationChange,
    RegistrationPorts,
    RegistrationStore,
)
from .profile import security_profile_of
from .remote_checks import (
    check_destinations,
    check_sector_identifier,
    fetch_logo,
)

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


def presented_secret(context: RegistrationContext) -> str:
    return presented_token(context.request, accept_query=False, accept_dpop=False).secret


def new_change(
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


def has_secret_method(metadata: Mapping[str, Any]) -> bool:
    return metadata["token_endpoint_auth_method"] in SECRET_METHODS


def load_client(context: RegistrationContext, identifier: str) -> None:
    """So that the event names it."""
    client = context.ports.clients.find_client(identifier)
    if client is not None:
        context.client = client
