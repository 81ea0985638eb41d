"""Keeping a validated authorization request while its end-user logs in and decides.

The browser gets a handle in the address and, in a cookie, the proof that it started the request: an address that
leaks, or that an attacker started and sends to a victim, opens nothing elsewhere (RFC 9700 §4.7).
"""

from __future__ import annotations

from ..entities.authorization import AuthorizationRequest
from ..messages import NO_STORE, Page, Parameters, Response
from ..secret_hashing import hash_secret, is_same_hash, new_secret
from . import AuthorizationContext, PendingRequest
from .local_address import continue_address
from .sent_parameters import KNOWN

HANDLE_PREFIX = "o2q_"
_COOKIE_PREFIX = "oauth2_request_"


def remember_request(context: AuthorizationContext) -> None:
    """Step: store the request and lead the browser to a plain GET, which also sends the cookies that a POST from
    another site lacks."""
    handle, handle_hash = new_secret(HANDLE_PREFIX, context.ports.randomness)
    proof, browser_hash = new_secret("", context.ports.randomness)
    lifetime = context.settings.request_lifetime
    context.ports.requests.save_request(
        AuthorizationRequest(
            handle_hash=handle_hash,
            browser_hash=browser_hash,
            client_identifier=context.client.client_identifier,
            parameters=context.parameters.only(KNOWN),
            created_at=context.ports.clock.moment(),
            expires_at=context.now + lifetime,
            pushed_hash=context.pushed_hash,
        )
    )
    context.response = Response.redirect(
        continue_address(context.settings, handle),
        (_cookie(context, handle_hash, proof, lifetime),),
    )


def load_pending_request(context: AuthorizationContext, parameters: Parameters) -> None:
    """Find the request of the handle ``rid``; a page says to start again if it is not this browser's, old or done."""
    handle = parameters.get("rid") or ""
    stored = context.ports.requests.find_request(hash_secret(handle))
    if stored is None or context.now >= stored.expires_at or stored.completed_at is not None:
        context.response = start_again(context)
        return
    proof = context.request.cookies.get(_COOKIE_PREFIX + stored.handle_hash[:16], "")
    if not is_same_hash(hash_secret(proof), stored.browser_hash or ""):
        context.response = start_again(context)
        return
    context.pending = PendingRequest(handle, stored)
    context.parameters = stored.parameters
    context.pushed_hash = stored.pushed_hash


def use_up_request(context: AuthorizationContext) -> bool:
    """Complete the request and the pushed one that it goes back to. False if either was completed before."""
    stored = context.pending.stored
    hashes = [stored.handle_hash, *([stored.pushed_hash] if stored.pushed_hash else [])]
    return all(context.ports.requests.complete_request(item, context.now) for item in hashes)


def start_again(context: AuthorizationContext) -> Response:
    """The page for a request that cannot go on here."""
    return Response(status=400, page=Page("start_again"), headers=NO_STORE)


def forget_cookie(context: AuthorizationContext) -> tuple[str, str]:
    return _cookie(context, context.pending.stored.handle_hash, "", 0)


def _cookie(
    context: AuthorizationContext, handle_hash: str, proof: str, lifetime: int
) -> tuple[str, str]:
    # One cookie a request, so that two tabs do not disturb each other. Lax: a link in a mail must still bring it.
    path = f"{context.settings.issuer_path}/oauth2"
    secure = "; Secure" if context.settings.is_secure else ""
    name = _COOKIE_PREFIX + handle_hash[:16]
    return (
        "Set-Cookie",
        f"{name}={proof}; Path={path}; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}",
    )
