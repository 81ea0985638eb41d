"""The options that all our routes share, and the way from a route into the protocol."""

import logging

from odoo import http
from odoo.http import request

from ..adapters.odoo_http import to_json_response, to_request
from ..protocol.errors import OAuthError
from ..protocol.messages import NO_STORE, Page, Response

_logger = logging.getLogger(__name__)

_NOT_SET_UP = OAuthError("temporarily_unavailable", "This server is not set up yet.").members()
# For machines and for people: which of the two is shown is the route's business.
UNAVAILABLE = Response(
    status=503, json=_NOT_SET_UP, page=Page("error", _NOT_SET_UP), headers=NO_STORE
)

PAGE_HEADERS = {
    # RFC 9700 §2.6: nobody may lay the consent page under his own. The other two keep codes out of Referer headers
    # and of caches.
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

# A form with ten thousand fields or a long body is refused before anything is parsed.
MAXIMUM_BODY = 65536


def api_route(path):
    """A route for machines: JSON, no session, no CSRF token, every verb (the protocol refuses the wrong ones)."""
    return http.route(
        path,
        type="oauth2",
        auth="none",
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAXIMUM_BODY,
        oauth2=True,  # see models/ir_http_body_length.py
    )


def page_route(path, *, csrf, save_session=True):
    """A route for a person's browser, in the looks of the login page."""
    return http.route(
        path,
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        csrf=csrf,
        save_session=save_session,
        readonly=False,
        max_content_length=MAXIMUM_BODY,
        oauth2=True,
    )


# What is switched off is not there (RFC 8414 §2: its metadata is absent as well).
_SWITCHED_OFF = OAuthError("invalid_request", "This endpoint is switched off here.").members()
NOT_FOUND = Response(
    status=404, json=_SWITCHED_OFF, page=Page("error", _SWITCHED_OFF), headers=NO_STORE
)


def find_server():
    """The server of this database, or None as long as it has no issuer, as a copy of a database has none."""
    try:
        return request.env["oauth2.provider.server"]._authorization_server()
    except ValueError as error:
        _logger.info("No request is answered: %s", error)
        return None


def handle(endpoint, *, client_identifier=None):
    """Run an endpoint of the protocol on the request under way; returns the protocol's response."""
    server = find_server()
    if server is None:
        return UNAVAILABLE
    if endpoint not in server.parts.endpoints:
        return NOT_FOUND
    return server.handle(endpoint, to_request(client_identifier=client_identifier))


def answer_json(endpoint, *, client_identifier=None):
    """Run an endpoint for machines and answer what it says."""
    return to_json_response(handle(endpoint, client_identifier=client_identifier))
