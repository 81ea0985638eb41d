"""The public documents: metadata and keys."""

from odoo import http

from .routing import answer_json, api_route


class DiscoveryController(http.Controller):
    @api_route(
        [
            "/.well-known/openid-configuration",
            "/.well-known/openid-configuration/<path:issuer_path>",
            "/.well-known/oauth-authorization-server",
            "/.well-known/oauth-authorization-server/<path:issuer_path>",
        ]
    )
    def discovery(self, issuer_path=None):
        """The protocol reads the path from the request itself."""
        return answer_json("discovery")

    @api_route("/oauth2/jwks")
    def jwks(self):
        return answer_json("jwks")
