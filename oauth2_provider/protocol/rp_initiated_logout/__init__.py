"""The logout request (OpenID Connect RP-Initiated Logout 1.0 §2): one check per file, ordered in
``endpoints/end_session.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..entities.end_user import EndUser, EndUserSession
from ..errors import OAuthError
from ..messages import NO_STORE, Page, Parameters, Response
from ..server import Context


@dataclass(kw_only=True)
class LogoutContext(Context):
    """A logout request on its way.

    ``hint``: the claims of the id_token_hint, once it is proven to be an ID token of ours.
    ``has_client``: whether hint or client_id say which client asks; without one there is nowhere to redirect to.
    ``return_address``: where the browser goes afterwards; only ``check_post_logout_redirect_uri`` sets it.
    """

    parameters: Parameters = field(default_factory=Parameters)
    handle: str = ""
    hint: Mapping[str, Any] | None = None
    has_client: bool = False
    return_address: str | None = None
    session: EndUserSession | None = None

    @property
    def user(self) -> EndUser | None:
        return self.session.user if self.session else None

    @property
    def ui_locales(self) -> list[str]:
        """The languages that the client wishes for the pages, best first."""
        return (self.parameters.get("ui_locales") or "").split()


def logout_error(_context: LogoutContext, error: OAuthError) -> Response:
    """Always a page: a request that is not proven must not lead anywhere (§5)."""
    page = Page("logout_error", error.members())
    return Response(status=error.status, page=page, headers=NO_STORE + error.headers)
