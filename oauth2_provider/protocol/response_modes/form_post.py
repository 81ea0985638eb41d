"""response_mode form_post: the answer travels in the body of a form that posts itself (Form Post Response Mode 1.0)."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..messages import NO_STORE, Page, Response
from ..parts import ResponseMode, ResponseParameters
from ..redirect_uri_matching import FORBIDDEN_SCHEMES


def respond(redirect_uri: str, parameters: ResponseParameters) -> Response:
    """The page, which works by its button where scripts are off.

    :raises AssertionError: if the form would run in the page instead of leaving it; no such address is registrable
    """
    if urlsplit(redirect_uri).scheme.lower() in FORBIDDEN_SCHEMES:
        raise AssertionError("A form must not be posted to this kind of address.")
    page = Page("form_post", {"action": redirect_uri, "fields": tuple(parameters)})
    return Response(page=page, headers=NO_STORE)


FORM_POST = ResponseMode("form_post", hides_from_server=True, respond=respond)
