"""The request object: the parameters as a token that the client signed (RFC 9101, OpenID Connect Core §6.1)."""

from __future__ import annotations

from ..client_keys import signing_algorithms, verify_client_token
from ..errors import OAuthError
from ..jose.verify import InvalidToken, unverified_claims, unverified_header
from ..messages import Parameters
from ..request_checks import check_parameters
from . import AuthorizationContext
from .request_object_claims import check_claims, check_strict_claims, parameters_of
from .sent_parameters import refuse_source

# RFC 9101 §10.8: a token that was signed for another purpose must not pass for a request.
TYPES = (None, "JWT", "oauth-authz-req+jwt")
_REFERENCES = frozenset({"request", "request_uri"})


def reject_two_sources(context: AuthorizationContext) -> None:
    """Step: OpenID Connect Core §6.2.2, RFC 9101 §5."""
    if context.parameters.names() >= _REFERENCES:
        raise refuse_source(
            context, OAuthError("invalid_request", "Send request or request_uri, not both.")
        )


def load_request_object(context: AuthorizationContext) -> None:
    """Step: what the client signed wins over what stands beside it; for strict clients nothing else counts."""
    load_object(context, only_object_counts=context.client.only_request_object_counts)


def load_pushed_request_object(context: AuthorizationContext) -> None:
    """Step: RFC 9126 §3, where nothing but the object may come in."""
    load_object(context, only_object_counts=True)


def load_object(context: AuthorizationContext, *, only_object_counts: bool) -> None:
    sent, client = context.parameters, context.client
    token = sent.get("request")
    if token is None:
        if client.require_signed_request_object and context.pushed_hash is None:
            error = OAuthError("invalid_request", "This client must sign its requests.")
            raise refuse_source(context, error)
        return
    try:
        inner = _verified_parameters(context, token)
        _check_agreement(sent, inner)
    except OAuthError as error:
        raise _refusal(context, token, error) from error
    context.parameters = _merged(sent, inner, only_object_counts=only_object_counts)


def _verified_parameters(context: AuthorizationContext, token: str) -> Parameters:
    client = context.client
    try:
        algorithms = signing_algorithms(client, client.request_object_signing_alg)
        claims = verify_client_token(context, client, token, algorithms=algorithms, types=TYPES)
        check_claims(context, claims)
        if client.only_request_object_counts:
            check_strict_claims(context, claims)
        parameters = parameters_of(claims)
    except InvalidToken as error:
        if _is_unsigned(token) and not client.only_request_object_counts:
            # OpenID Connect Core §3.1.2.6: it may be all right, but it is of a kind that we do not take.
            name = "request_uri" if context.is_by_reference else "request"
            raise OAuthError(f"{name}_not_supported", "A request object must be signed.") from error
        raise OAuthError("invalid_request_object", detail=str(error)) from error
    if parameters.names() & _REFERENCES:
        raise OAuthError("invalid_request", "A request object cannot hold another one.")
    check_parameters(parameters)
    return parameters


def _is_unsigned(token: str) -> bool:
    try:
        return unverified_header(token).get("alg") == "none"
    except InvalidToken:
        return False


def _check_agreement(sent: Parameters, inner: Parameters) -> None:
    """OpenID Connect Core §6.1, RFC 9101 §5: those two stand outside as well, and must be the same."""
    for name in ("client_id", "response_type"):
        outside, inside = sent.get(name), inner.get(name)
        if outside is not None and inside is not None and outside != inside:
            raise OAuthError("invalid_request_object", f"{name} differs from the request object.")


def _merged(sent: Parameters, inner: Parameters, *, only_object_counts: bool) -> Parameters:
    """``client_id`` always is the one whose keys were used."""
    identifier = ("client_id", sent.get("client_id") or "")
    object_pairs = [pair for pair in inner.pairs if pair[0] != "client_id"]
    own = inner.names() | _REFERENCES | {"client_id"}
    beside = [] if only_object_counts else [pair for pair in sent.pairs if pair[0] not in own]
    return Parameters.of([identifier, *object_pairs, *beside])


def _refusal(context: AuthorizationContext, token: str, error: OAuthError) -> OAuthError:
    """To the redirect URI inside or, failing that, outside, if it is registered for the client.

    What is inside is not proven then, but a plain request could name the same address, so nothing is given away.
    """
    sent = context.parameters
    try:
        inner = parameters_of(unverified_claims(token))
        context.parameters = _merged(sent, inner, only_object_counts=False)
    except (InvalidToken, OAuthError):
        pass
    refuse_source(context, error)
    if context.answer is None:
        context.parameters = sent
        refuse_source(context, error)
    return error
