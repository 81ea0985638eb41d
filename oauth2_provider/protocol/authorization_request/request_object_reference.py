"""request_uri: the client keeps its request object at an address of its own (RFC 9101 §5.2, OIDC Core §6.2).

The address must be registered, for else anybody could have this server call anywhere. The object is fetched each time
and never kept: few clients do this, and what stands there may be meant for one login only.
"""

from __future__ import annotations

from ..errors import OAuthError
from ..jose.verify import MAXIMUM_LENGTH
from ..messages import Parameters
from ..outbound_throttle import PERIOD, Caller, OutboundThrottled, throttled_fetch
from ..ports import OutboundError
from . import AuthorizationContext
from .sent_parameters import refuse_source

# Requests by reference that may keep a worker waiting at one moment.
PLACES = 4


def load_referenced_object(context: AuthorizationContext) -> None:
    """Step: put the object in the place of its address."""
    request_uri = context.parameters.get("request_uri")
    if request_uri is None:
        return
    if not _is_registered(context.client.request_uris, request_uri):
        error = OAuthError(
            "invalid_request_uri", "The request_uri is not registered for this client."
        )
        raise refuse_source(context, error)
    try:
        text = _fetch(context, request_uri)
    except OutboundThrottled as error:
        raise refuse_source(context, _later(error)) from error
    except (OutboundError, ValueError) as error:
        unavailable = OAuthError(
            "invalid_request_uri",
            "The request_uri gives no request object.",
            detail=f"{request_uri[:500]}: {error}",
        )
        raise refuse_source(context, unavailable) from error
    others = [pair for pair in context.parameters.pairs if pair[0] != "request_uri"]
    context.parameters = Parameters.of([*others, ("request", text)])
    context.is_by_reference = True


def _is_registered(registered: tuple[str, ...], request_uri: str) -> bool:
    """The fragment tells versions of one document apart, and is no part of its address (OIDC Core §6.2)."""
    return request_uri.partition("#")[0] in {uri.partition("#")[0] for uri in registered}


def _later(error: OutboundThrottled) -> OAuthError:
    return OAuthError(
        "temporarily_unavailable",
        "Too many request objects are being fetched, try again later.",
        detail=str(error),
        headers=(("Retry-After", str(PERIOD)),),
    )


def _fetch(context: AuthorizationContext, request_uri: str) -> str:
    caller = Caller(f"address {context.request.remote_address}", "request_uri", PLACES)
    document = throttled_fetch(
        context.ports, caller, request_uri, maximum_bytes=MAXIMUM_LENGTH, now=context.now
    )
    if document.status != 200:
        raise ValueError(f"status {document.status}")
    text = document.body.decode("ascii").strip()
    if not text:
        raise ValueError("The document is empty.")
    return text
