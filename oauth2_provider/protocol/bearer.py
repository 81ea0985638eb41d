"""Access tokens in requests to our own protected resources, and the challenges there (RFC 6750, RFC 9449 §7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .dpop import ALGORITHMS
from .errors import OAuthError
from .messages import Request
from .request_checks import FORM, check_parameters

_NOTHING: Mapping[str, str] = {}
BEARER = "Bearer"
DPOP = "DPoP"
_CREDENTIALS = re.compile(r"(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)", re.I)
_SCHEME = re.compile(r"(bearer|dpop)(?: |$)", re.I)
_CHALLENGES = {
    BEARER: 'Bearer realm="oauth2"',
    DPOP: f'DPoP realm="oauth2", algs="{" ".join(ALGORITHMS)}"',
}


@dataclass(frozen=True)
class PresentedToken:
    """``scheme``: how it was sent; the form and the address count as Bearer (RFC 9449 §7.1)."""

    secret: str
    scheme: str = BEARER


def presented_token(
    request: Request, *, accept_query: bool, accept_dpop: bool = True
) -> PresentedToken:
    """The one access token in the request.

    :param accept_query: also look into the address (RFC 6750 §2.3), which everyone else refuses (RFC 9700 §4.3.2)
    :param accept_dpop: whether the scheme DPoP is known here
    :raises OAuthError: invalid_token with bare challenges if there is none; invalid_request if there are several
    """
    schemes = (BEARER, DPOP) if accept_dpop else (BEARER,)
    found = [*_in_header(request, schemes), *map(PresentedToken, _in_form(request))]
    in_query = request.query.all("access_token")
    if in_query and not accept_query:
        raise bearer_error("invalid_request", "An access token in the address is not accepted.")
    found += map(PresentedToken, in_query)
    if len(found) > 1:
        raise bearer_error("invalid_request", "The access token was sent more than once.")
    if not found:
        # RFC 6750 §3.1: who sent no credentials is told the schemes and nothing else.
        challenges = tuple(_challenge(scheme, "") for scheme in schemes)
        raise OAuthError("invalid_token", "No access token was sent.", headers=challenges)
    return found[0]


def bearer_error(
    code: str,
    description: str | None = None,
    *,
    scope: str = "",
    scheme: str = BEARER,
    detail: str = "",
    more: Mapping[str, str] = _NOTHING,
) -> OAuthError:
    """The refusal with its WWW-Authenticate challenge (RFC 6750 §3, RFC 9449 §7.1).

    :param more: further attributes of the challenge, without characters that a quoted string cannot hold
    """
    # RFC 9449 §7.1 and §9: a wrong proof is a matter of authentication here, other than at the token endpoint.
    status = 401 if code in ("invalid_dpop_proof", "use_dpop_nonce") else None
    error = OAuthError(code, description, detail=detail, status=status)
    attributes = f', error="{code}", error_description="{error.description}"'
    if scope:
        attributes += f', scope="{scope}"'
    attributes += "".join(f', {name}="{value}"' for name, value in more.items())
    error.headers = (_challenge(scheme, attributes),)
    return error


def _challenge(scheme: str, attributes: str) -> tuple[str, str]:
    return ("WWW-Authenticate", _CHALLENGES[scheme] + attributes)


def _in_header(request: Request, schemes: tuple[str, ...]) -> list[PresentedToken]:
    header = request.headers.get("authorization")
    scheme = header is not None and _SCHEME.match(header)
    if header is None or not scheme or _name_of(scheme[1]) not in schemes:
        return []
    found = _CREDENTIALS.fullmatch(header)
    if not found:
        raise bearer_error("invalid_request", "The Authorization header is malformed.")
    return [PresentedToken(found[2], _name_of(found[1]))]


def _name_of(scheme: str) -> str:
    """RFC 9110 §11.1: the case of a scheme does not matter."""
    return BEARER if scheme.lower() == BEARER.lower() else DPOP


def _in_form(request: Request) -> tuple[str, ...]:
    if request.method != "POST" or request.mimetype != FORM:
        return ()
    check_parameters(request.form)
    return request.form.all("access_token")
