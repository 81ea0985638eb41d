"""The client configuration endpoint, where a client reads, changes and ends its registration (RFC 7592 §2)."""

from __future__ import annotations

from dataclasses import replace

from ..bearer import bearer_error
from ..client_registration.answer import registration_answer
from ..client_registration.metadata import (
    invalid_metadata,
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
from ..messages import Response
from ..parts import Endpoint
from ..request_checks import check_method
from ..secret_hashing import hash_secret, is_same_hash
from ..storable_text import is_storable
from .json_error import json_error


def load_registration(context: RegistrationContext) -> None:
    """RFC 7592 §2: the token is for one client, and a client that is gone has none."""
    token_hash = hash_secret(presented_secret(context))
    identifier = context.request.path_client_identifier or ""
    to_change = context.request.method != "GET"
    found = None
    if is_storable(identifier):
        found = context.registrations.find(identifier, token_hash, to_change=to_change)
    if found is None:
        raise bearer_error("invalid_token", "The registration access token is not for this client.")
    context.registration = found
    context.is_anonymous = found.is_anonymous


def read_registration(context: RegistrationContext) -> None:
    """RFC 7592 §2.1."""
    if context.request.method == "GET":
        context.response = registration_answer(
            context.settings, context.registration, presented_secret(context)
        )


def delete_registration(context: RegistrationContext) -> None:
    """RFC 7592 §2.3."""
    if context.request.method == "DELETE":
        identifier = context.registration.client_identifier
        load_client(context, identifier)
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
    needs_secret = has_secret_method(context.metadata) and not before.has_secret
    # The old token ends with the old registration (RFC 7592 §5).
    token, change, secret = new_change(context, needs_secret=needs_secret)
    try:
        context.registrations.replace(before.client_identifier, change)
    except ValueError as error:
        raise invalid_metadata(str(error)) from error
    after = replace(before, metadata=context.metadata)
    context.response = registration_answer(context.settings, after, token, secret=secret)


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
