"""The end-user must have agreed to what the client asks for (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.4)."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..authorization_request import AuthorizationContext
from ..authorization_request.prompt import prompts
from ..consented_client import digest_of
from ..messages import Page
from ..parts import Interaction
from ..scope import format_scope


def check_consent(context: AuthorizationContext) -> Interaction | None:
    if context.decision is not None or _was_settled_before(context):
        return None
    client, user = context.client, context.end_user_session.user
    page = Page(
        "consent",
        {
            "rid": context.pending.handle,
            "shown": digest_of(client),
            "continue_address": context.continue_address,
            "client": client,
            "user": user,
            "scope": format_scope(context.consent_scope).split(),
            "resources": context.resources,
            "authorization_details": context.authorization_details,
            "redirect_host": _host(context.redirect_uri),
        },
    )
    return Interaction(page, "consent_required")


def _was_settled_before(context: AuthorizationContext) -> bool:
    client, user = context.client, context.end_user_session.user
    if "consent" in prompts(context) or client.profile.asks_every_time:
        return False
    if not _is_client_proven(context):
        return False
    if client.is_trusted:
        return True
    if context.authorization_details:
        # RFC 9396 §2: they are about one transaction, so no earlier "yes" was about them.
        return False
    consented = context.ports.consents.find_consented_scope(user.id, client.id, digest_of(client))
    return context.consent_scope <= consented


def _is_client_proven(context: AuthorizationContext) -> bool:
    """Whether it must be this client that receives the answer.

    A client with a secret must show it to redeem a code. Where it need not, any program can copy the client's
    identifier and catch its custom scheme or loopback port, so there an old "yes" counts for nothing (RFC 8252
    §8.6). An https address belongs to its host; an administrator may vouch for others.
    """
    client = context.client
    parts = context.server.parts.response_types
    is_redeemed = not any(parts[name].needs_hiding for name in context.response_type)
    return (
        (is_redeemed and not client.is_public)
        or context.redirect_uri.startswith("https://")
        or (client.local_development and not client.is_native)
    )


def _host(redirect_uri: str) -> str:
    """What the person is shown as the receiver: the host as it stands in the address; of an own scheme, the scheme.

    What an own scheme writes where a host would stand says nothing about who receives the answer.
    """
    parts = urlsplit(redirect_uri)
    return parts.netloc if parts.scheme in ("http", "https") else f"{parts.scheme}:"
