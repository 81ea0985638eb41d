"""Must the end-user act before the request can be answered? A check per file, each asked in turn.

One rule yields both the page for a person and the error for a client that forbade pages with prompt=none (OpenID
Connect Core §3.1.2.6), so the two can never disagree.
"""

from __future__ import annotations

from ..authorization_request import AuthorizationContext
from ..authorization_request.prompt import prompts
from ..errors import OAuthError
from ..messages import Response


def identify_end_user(context: AuthorizationContext) -> None:
    """Step: who sits at the browser, if anybody has completed a login there."""
    context.session = context.ports.sessions.current()


def interact(context: AuthorizationContext) -> None:
    """Step: stop at the first page that the end-user has to see."""
    for check in context.server.parts.interaction:
        interaction = check(context)
        if interaction is not None:
            if "none" in prompts(context):
                raise OAuthError(interaction.error)
            context.response = Response(page=interaction.page)
            return
