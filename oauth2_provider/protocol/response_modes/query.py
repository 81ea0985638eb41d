"""response_mode query: parameters are added to the query of the redirect URI (RFC 6749 §4.1.2)."""

from __future__ import annotations

from urllib.parse import urlencode

from ..messages import Response
from ..parts import ResponseMode, ResponseParameters


def respond(redirect_uri: str, parameters: ResponseParameters) -> Response:
    """The registered query stays as it is, byte for byte; ours follows it."""
    separator = "?" if "?" not in redirect_uri else "" if redirect_uri[-1] in "?&" else "&"
    return Response.redirect(redirect_uri + separator + urlencode(parameters))


QUERY = ResponseMode("query", hides_from_server=False, respond=respond)
