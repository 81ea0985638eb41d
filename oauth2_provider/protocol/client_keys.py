"""The keys of a client, registered or published at an address of its own (RFC 7591 §2, OpenID Connect Core §10.1.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from .entities.client import Client
from .entities.end_user import TrustedIssuer
from .fetched_documents import DocumentUnavailable, load_document, renew_document
from .jose.algorithms import ALGORITHMS
from .jose.jwk_set import MAXIMUM_LENGTH, JwkSet, load_jwk_set
from .jose.verify import InvalidToken, UnknownSignature, verify
from .server import Context

KeyOwner: TypeAlias = "Client | TrustedIssuer"


def load_client_keys(context: Context, client: KeyOwner) -> JwkSet:
    """The keys of the client, which at its own address may have changed within the last hour.

    :raises DocumentUnavailable: if its address does not answer with a JWK Set
    :raises ValueError: if it has no keys
    """
    if client.jwks:
        return load_jwk_set(client.jwks)
    if client.jwks_uri:
        return load_document(
            context, client.jwks_uri, parse=load_jwk_set, maximum_bytes=MAXIMUM_LENGTH
        )
    raise ValueError("The client has no keys.")


def renew_client_keys(context: Context, client: KeyOwner) -> JwkSet | None:
    """The keys at the address of the client as they are now; None if it has none or was asked a moment ago."""
    if client.jwks or not client.jwks_uri:
        return None
    return renew_document(
        context, client.jwks_uri, parse=load_jwk_set, maximum_bytes=MAXIMUM_LENGTH
    )


def signing_algorithms(client: Client, registered: str | None) -> list[str]:
    """Those that the client may sign with: the one it is registered for, else all that its profile allows.

    :param registered: for the kind of token in question, if anything is
    """
    known = [registered] if registered else ALGORITHMS
    return [name for name in known if client.profile.allows_algorithm(name)]


def verify_client_token(
    context: Context,
    client: KeyOwner,
    token: str,
    *,
    algorithms: Collection[str],
    types: Iterable[str | None],
) -> Mapping[str, Any]:
    """The claims of a token that the client signed. Times, issuer and audience are left to the caller.

    :param algorithms: those that the client may use for this kind of token
    :raises InvalidToken: for everything that is wrong with it, also if the keys cannot be had
    """
    allowed_types = tuple(types)

    def verified(keys: JwkSet) -> Mapping[str, Any]:
        usable = [key for key in keys.verification_keys if key.algorithm in algorithms]
        return verify(token, usable, types=allowed_types)

    try:
        try:
            return verified(load_client_keys(context, client))
        except UnknownSignature:
            # A key that came after the last fetch.
            renewed = renew_client_keys(context, client)
            if renewed is None:
                raise
            return verified(renewed)
    except InvalidToken:
        raise
    except (DocumentUnavailable, ValueError) as error:
        raise InvalidToken(str(error)) from error
