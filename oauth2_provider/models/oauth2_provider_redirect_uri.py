"""Redirect addresses: where an application may receive its answers (RFC 6749 §3.1.2)."""

from odoo import api, models

from ..protocol.redirect_uri_matching import check_registrable


class OAuth2ProviderRedirectUri(models.Model):
    _name = "oauth2.provider.redirect.uri"
    _inherit = "oauth2.provider.client.address"
    _description = "OAuth 2 Redirect Address"

    def _get_kind(self):
        return self.env._("Redirect address")

    def _check_standard(self):
        check_registrable(
            self.uri,
            application_type=self.client_id.application_type,
            local_development=self.client_id.local_development,
        )

    @api.constrains("uri", "client_id")
    def _check_sector_identifier(self):
        self.client_id._check_sector_identifier()
