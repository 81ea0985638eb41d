"""Keeping a logout request for the plain GET that brings the cookies, and for the confirmation.

A POST from another site comes without the session cookie; and an ID token should not travel on in addresses.
"""

from __future__ import annotations

from urllib.parse import urlencode

from ..entities.logout_request import LogoutRequest
from ..errors import OAuthError
from ..messages import Parameters, Response
from ..request_checks import check_parameters
from ..secret_hashing import hash_secret, new_secret
from . import LogoutContext

CONTINUE_PATH = "/oauth2/end_session/continue"
HANDLE_PREFIX = "o2l_"
_LIFETIME = 600
# What is read here. Nothing else is kept, since anybody may send it; nor what no honest page would say so long.
_KNOWN = frozenset(
    {"client_id", "id_token_hint", "post_logout_redirect_uri", "state", "ui_locales"}
)
_MAXIMUM_LENGTH = 8192


def load_parameters(context: LogoutContext) -> None:
    """§2: a GET has them in the query, a POST in the form."""
    request = context.request
    context.parameters = request.form if request.method == "POST" else request.query
    check_parameters(context.parameters)


def remember_request(context: LogoutContext) -> None:
    handle, handle_hash = new_secret(HANDLE_PREFIX, context.ports.randomness)
    kept = context.parameters.only(_KNOWN)
    if sum(len(value) for _name, value in kept.pairs) > _MAXIMUM_LENGTH:
        raise OAuthError("invalid_request", "The request is too long.")
    context.ports.logout_requests.save_logout_request(
        LogoutRequest(handle_hash, kept, context.now + _LIFETIME)
    )
    address = f"{context.settings.issuer_path}{CONTINUE_PATH}?{urlencode({'rid': handle})}"
    context.response = Response.redirect(address)


def load_request_of_query(context: LogoutContext) -> None:
    _load(context, context.request.query)


def load_request_of_form(context: LogoutContext) -> None:
    _load(context, context.request.form)


def _load(context: LogoutContext, parameters: Parameters) -> None:
    """An old or unknown handle is a request without parameters: the person is asked, and nothing leads anywhere."""
    context.handle = parameters.get("rid") or ""
    stored = context.ports.logout_requests.find_logout_request(hash_secret(context.handle))
    if stored is not None and context.now < stored.expires_at:
        context.parameters = stored.parameters
