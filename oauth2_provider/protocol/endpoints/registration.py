"""The client registration endpoint (RFC 7591 §3, OpenID Connect Registration §3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..bearer import bearer_error
from ..client_registration.answer import registration_answer
from ..client_registration.metadata import (
    invalid_metadata,
)
from ..client_registration.policy import HOUR
from ..client_registration.ports import (
    Registration,
)
from ..client_registration.steps import (
    RegistrationContext,
    check_other_servers,
    check_trusted_hosts,
    has_secret_method,
    load_client,
    load_document,
    load_metadata,
    load_policy,
    new_change,
    presented_secret,
)
from ..errors import OAuthError
from ..parts import Endpoint
from ..request_checks import check_method
from ..secret_hashing import hash_secret
from ..server import AuthorizationServer
from .json_error import json_error


def check_initial_access_token(context: RegistrationContext) -> None:
    """RFC 7591 §3: who may register at all."""
    if "authorization" not in context.request.headers:
        if not (context.policy.is_open or context.policy.trusted_hosts):
            raise bearer_error("invalid_token", "An initial access token is needed.")
        return
    token_hash = hash_secret(presented_secret(context))
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


def register(context: RegistrationContext) -> None:
    token_hash = context.initial_token_hash
    if token_hash and not context.registrations.use_initial_access_token(token_hash, context.now):
        raise bearer_error("invalid_token", "The initial access token is unknown or used up.")
    randomness = context.ports.randomness
    identifier = randomness.token()
    token, change, secret = new_change(context, needs_secret=has_secret_method(context.metadata))
    try:
        context.registrations.add(
            identifier, change, context.now, is_anonymous=context.is_anonymous
        )
    except ValueError as error:
        raise invalid_metadata(str(error)) from error
    registration = Registration(
        identifier, context.metadata, context.now, secret is not None, context.is_anonymous
    )
    load_client(context, identifier)
    context.record("client_registered")
    context.response = registration_answer(
        context.settings, registration, token, secret=secret, status=201
    )


def registration_metadata(server: AuthorizationServer) -> Mapping[str, Any]:
    return {"registration_endpoint": f"{server.settings.issuer}/oauth2/register"}


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
