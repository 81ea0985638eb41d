"""The routing type ``oauth2``: routes for machines that answer JSON whatever happens.

Odoo's own types show a page or a traceback for an exception and drop CORS headers on the way. Here every refusal and
every failure is the JSON of RFC 6749 §5.2. No session is loaded for or saved by such a route.
"""

import logging

from odoo import http
from werkzeug.exceptions import HTTPException

from ..protocol.errors import OAuthError
from ..protocol.messages import Response
from .database_outage import COME_AGAIN, DATABASE_GONE
from .odoo_http import to_json_response

_logger = logging.getLogger(__name__)

# Tokens travel in headers and bodies that a foreign page must hold already, cookies are ignored: any origin may ask.
EXPOSED_HEADERS = "WWW-Authenticate, DPoP-Nonce"
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": EXPOSED_HEADERS,
}
PREFLIGHT_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, DPoP",
    "Access-Control-Max-Age": "86400",
}


class OAuth2Dispatcher(http.Dispatcher):
    routing_type = "oauth2"

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def pre_dispatch(self, rule, args):
        for name, value in CORS_HEADERS.items():
            self.request.future_response.headers.set(name, value)
        return super().pre_dispatch(rule, args)

    def dispatch(self, endpoint, args):
        # Other add-ons look at it whatever is answered, utm for one.
        self.request.params = dict(args)
        if self.request.httprequest.method == "OPTIONS":
            return self.request.make_response(b"", list(PREFLIGHT_HEADERS.items()), status=204)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """What failed outside the protocol: too large, database gone, a defect. Rolled back, never explained."""
        if isinstance(exc, HTTPException) and exc.response is not None:
            # Somebody has said exactly what is to be answered.
            return self.request._inject_future_response(exc.response)
        if isinstance(exc, HTTPException) and exc.code and exc.code < 500:
            answer = _failure(exc.code, "invalid_request")
        elif isinstance(exc, DATABASE_GONE):
            answer = COME_AGAIN
        else:
            _logger.error("The request failed", exc_info=exc)
            answer = _failure(500, "server_error")
        return self.request._inject_future_response(to_json_response(answer))


def _failure(status, error):
    return Response(status, json=OAuthError(error).members())
