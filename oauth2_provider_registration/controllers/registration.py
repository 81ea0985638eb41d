"""Client registration (RFC 7591) and client configuration (RFC 7592) endpoints."""

from odoo import http
from odoo.addons.oauth2_provider.controllers.routing import answer_json, api_route


class RegistrationController(http.Controller):
    @api_route("/oauth2/register")
    def register(self):
        return answer_json("registration")

    @api_route("/oauth2/register/<client_identifier>")
    def configure(self, client_identifier):
        return answer_json("client_configuration", client_identifier=client_identifier)
