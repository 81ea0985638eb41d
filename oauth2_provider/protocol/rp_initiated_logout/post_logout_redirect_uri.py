"""post_logout_redirect_uri: where the browser goes afterwards (RP-Initiated Logout 1.0 §2 and §3)."""

from __future__ import annotations

from urllib.parse import urlencode

from ..errors import OAuthError
from . import LogoutContext


def check_post_logout_redirect_uri(context: LogoutContext) -> None:
    """One of the client's, letter by letter. Of an unknown client it is ignored: the person ends on our own page."""
    sent = context.parameters.get("post_logout_redirect_uri")
    if sent is None or not context.has_client:
        return
    if sent not in context.client.post_logout_redirect_uris:
        raise OAuthError(
            "invalid_request",
            "The post_logout_redirect_uri is not registered for this client.",
            detail=f"the application sent {sent[:500]!r}",
        )
    state = context.parameters.get("state")
    separator = "&" if "?" in sent else "?"
    context.return_address = sent + (separator + urlencode({"state": state}) if state else "")
