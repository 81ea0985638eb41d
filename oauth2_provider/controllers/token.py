"""Token endpoint and its siblings for clients."""

from odoo import http

from .routing import answer_json, api_route


class TokenController(http.Controller):
    @api_route("/oauth2/token")
    def token(self):
        return answer_json("token")

    @api_route("/oauth2/revoke")
    def revocation(self):
        return answer_json("revocation")

    @api_route("/oauth2/introspect")
    def introspection(self):
        return answer_json("introspection")
