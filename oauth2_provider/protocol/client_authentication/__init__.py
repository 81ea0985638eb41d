"""Client authentication at the token endpoint and its siblings (RFC 6749 §2.3, OpenID Connect Core §9).

A method is one file: it says whether a request presents it, which client it speaks for, and whether the proof holds.
"""

from __future__ import annotations

from ..entities.client import Client
from ..errors import OAuthError
from ..parts import ClientAuthenticationMethod, Credentials
from ..server import AuthorizationServer, Context
from .failed_attempts import count_failure

# RFC 6749 §5.2 and RFC 9110 §15.5.2: a 401 always names a scheme.
CHALLENGE = (("WWW-Authenticate", 'Basic realm="oauth2"'),)


def invalid_client(detail: str) -> OAuthError:
    """One and the same answer for every failure, so that nothing tells which clients exist."""
    return OAuthError("invalid_client", detail=detail, headers=CHALLENGE)


def authenticate_client(context: Context) -> None:
    """Step: find out which client sends the request and make it prove itself."""
    candidates, credentials = _presented(context)
    try:
        _prove_client(context, candidates, credentials)
    except OAuthError as error:
        if error.code != "invalid_client":
            raise
        raise count_failure(context, credentials.client_identifier, error) from error


def _prove_client(
    context: Context,
    candidates: list[ClientAuthenticationMethod[Context]],
    credentials: Credentials,
) -> None:
    client = context.ports.clients.find_client(credentials.client_identifier)
    if client is not None:
        # Before anything is proven: the event of a refusal tells in whose name it was tried.
        context.client = client
    method = _chosen(candidates, client)
    is_proven = method.verify(context, client, credentials)
    if client is None:
        raise invalid_client("unknown or inactive client")
    if client.token_endpoint_auth_method not in method.serves:
        raise invalid_client(
            f"registered for {client.token_endpoint_auth_method}, came with {method.name}"
        )
    if not client.profile.allows_authentication(client.token_endpoint_auth_method):
        raise invalid_client(f"the profile {client.security_profile} forbids {method.name}")
    if not is_proven:
        raise invalid_client(f"{method.name} failed")


def offered_methods(server: AuthorizationServer) -> tuple[ClientAuthenticationMethod[Context], ...]:
    """The methods that a client can use here."""
    return tuple(
        method
        for method in server.parts.client_authentication
        if server.settings.mtls or not method.needs_certificate
    )


def _chosen(
    candidates: list[ClientAuthenticationMethod[Context]], client: Client | None
) -> ClientAuthenticationMethod[Context]:
    registered = client and client.token_endpoint_auth_method
    fitting = [method for method in candidates if registered in method.serves]
    return (fitting or candidates)[0]


def _presented(context: Context) -> tuple[list[ClientAuthenticationMethod[Context]], Credentials]:
    found = [
        (method, credentials)
        for method in offered_methods(context.server)
        if (credentials := method.present(context.request)) is not None
    ]
    proofs = [pair for pair in found if not pair[0].rests_on_connection]
    if len(proofs) > 1:
        raise OAuthError("invalid_request", "Use one client authentication method, not several.")
    found = proofs or found
    if not found:
        raise invalid_client("no client credentials")
    credentials = found[0][1]
    body_identifier = context.request.form.get("client_id")
    if body_identifier is not None and body_identifier != credentials.client_identifier:
        # Two names for one sender: believing either would let one client act as the other.
        raise OAuthError("invalid_request", "client_id differs from the authenticated client.")
    return [method for method, _credentials in found], credentials
