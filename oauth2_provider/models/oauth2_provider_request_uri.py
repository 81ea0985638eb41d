"""Addresses at which an application keeps signed requests (OpenID Connect Registration §2, request_uris)."""

from odoo import models

from ..protocol.outbound_policy import destination_of


class OAuth2ProviderRequestUri(models.Model):
    _name = "oauth2.provider.request.uri"
    _inherit = "oauth2.provider.client.address"
    _description = "OAuth 2 Request Address"

    def _get_kind(self):
        return self.env._("Request address")

    def _check_standard(self):
        destination_of(self.uri)
