"""Bearer tokens at our own protected resources (RFC 6750)."""

from __future__ import annotations

import re

from .errors import OAuthError
from .messages import Request
from .request_checks import FORM, check_parameters

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.I)
_AUTHORIZATION_SCHEME = re.compile(r"bearer(?: |$)", re.I)


def presented_token(request: Request, *, accept_query: bool) -> str:
    """The one access token in the request.

    :param accept_query: also look into the address (RFC 6750 §2.3), which everyone else refuses (RFC 9700 §4.3.2)
    :raises OAuthError: invalid_token with a bare challenge if there is none; invalid_request if there are several
    """
    found = [*_in_header(request), *_in_form(request)]
    in_query = request.query.all("access_token")
    if in_query and not accept_query:
        raise bearer_error("invalid_request", "An access token in the address is not accepted.")
    found += in_query
    if len(found) > 1:
        raise bearer_error("invalid_request", "The access token was sent more than once.")
    if not found:
        # RFC 6750 §3.1: who sent no credentials is told the scheme and nothing else.
        raise OAuthError("invalid_token", "No access token was sent.", headers=(_challenge(""),))
    return found[0]


def bearer_error(code: str, description: str | None = None, *, scope: str = "") -> OAuthError:
    """The refusal with its WWW-Authenticate challenge (RFC 6750 §3)."""
    error = OAuthError(code, description)
    attributes = f', error="{code}", error_description="{error.description}"'
    if scope:
        attributes += f', scope="{scope}"'
    error.headers = (_challenge(attributes),)
    return error


def _challenge(attributes: str) -> tuple[str, str]:
    return ("WWW-Authenticate", f'Bearer realm="oauth2"{attributes}')


def _in_header(request: Request) -> list[str]:
    header = request.headers.get("authorization")
    if header is None or not _AUTHORIZATION_SCHEME.match(header):
        return []
    found = _BEARER.fullmatch(header)
    if not found:
        raise bearer_error("invalid_request", "The Authorization header is malformed.")
    return [found[1]]


def _in_form(request: Request) -> tuple[str, ...]:
    if request.method != "POST" or request.mimetype != FORM:
        return ()
    check_parameters(request.form)
    return request.form.all("access_token")
