"""The first time that a client comes with the address of its metadata, a person must have logged in before we call
there (draft-ietf-oauth-client-id-metadata-document §6.6).

Otherwise anybody could have this server call any other one. The browser comes back with the same request: nothing is
stored for a client that is not known.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from ..authorization_request import AuthorizationContext
from ..authorization_request.client import load_client
from ..authorization_request.prompt import prompts
from ..errors import OAuthError
from ..messages import Page, Response
from ..parts import Endpoint
from .document_clients import DocumentClients

AUTHORIZE_PATH = "/oauth2/authorize"
# With the address of the login page around it, which encodes it twice, it has to pass every proxy.
MAXIMUM_LENGTH = 2500


def with_login_first(
    endpoint: Endpoint[AuthorizationContext],
) -> Endpoint[AuthorizationContext]:
    """The authorization endpoint with the step before that which looks for the client."""
    position = endpoint.steps.index(load_client)
    steps = (*endpoint.steps[:position], ask_for_login, *endpoint.steps[position:])
    return replace(endpoint, steps=steps)


def ask_for_login(context: AuthorizationContext) -> None:
    identifier, clients = context.parameters.get("client_id"), context.ports.clients
    if identifier is None or not isinstance(clients, DocumentClients):
        return
    if not clients.is_new(identifier) or context.ports.sessions.current() is not None:
        return
    if "none" in prompts(context):
        raise OAuthError("login_required")
    query = urlencode(context.parameters.pairs)
    if len(query) > MAXIMUM_LENGTH:
        raise OAuthError("login_required", "Log in first, then start the request again.")
    values = {
        "continue_address": f"{context.settings.issuer_path}{AUTHORIZE_PATH}?{query}",
        "login_hint": context.parameters.get("login_hint"),
        "ui_locales": context.ui_locales,
    }
    context.response = Response(page=Page("login", values))
