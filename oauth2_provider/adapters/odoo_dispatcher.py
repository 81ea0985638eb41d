"""The routing type ``oauth2``: routes for machines that answer JSON whatever happens.

Odoo's own types show a page or a traceback for an exception and drop CORS headers on the way. Here every refusal and
every failure is the JSON of RFC 6749 §5.2. No session is loaded for or saved by such a route.
"""

import logging

from odoo import http
from werkzeug.exceptions import HTTPException

from ..protocol.errors import OAuthError
from ..protocol.messages import NO_STORE
from .database_outage import DATABASE_GONE, RETRY_AFTER

_logger = logging.getLogger(__name__)

# Tokens travel in headers and bodies that a foreign page must hold already, cookies are ignored: any origin may ask.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "WWW-Authenticate, DPoP-Nonce",
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
        if self.request.httprequest.method == "OPTIONS":
            return self.request.make_response(b"", list(PREFLIGHT_HEADERS.items()), status=204)
        self.request.params = dict(args)
        return self.request.registry["ir.http"]._dispatch(endpoint)

    def handle_error(self, exc):
        """What failed outside the protocol: too large, database gone, a defect. Rolled back, never explained."""
        if isinstance(exc, HTTPException) and exc.response is not None:
            # Somebody has said exactly what is to be answered.
            return self.request._inject_future_response(exc.response)
        headers = list(NO_STORE)
        if isinstance(exc, HTTPException) and exc.code and exc.code < 500:
            status, error = exc.code, OAuthError("invalid_request")
        elif isinstance(exc, DATABASE_GONE):
            status, error = 503, OAuthError("temporarily_unavailable")
            headers.append(RETRY_AFTER)
        else:
            _logger.error("The request failed", exc_info=exc)
            status, error = 500, OAuthError("server_error")
        response = self.request.make_json_response(error.members(), headers, status=status)
        return self.request._inject_future_response(response)
