"""response_mode fragment: parameters stand behind the # and never reach a server by themselves (RFC 6749 §4.2.2)."""

from __future__ import annotations

from urllib.parse import urlencode

from ..messages import Response
from ..parts import ResponseMode, ResponseParameters


def respond(redirect_uri: str, parameters: ResponseParameters) -> Response:
    return Response.redirect(redirect_uri + "#" + urlencode(parameters))


FRAGMENT = ResponseMode("fragment", hides_from_server=True, respond=respond)
