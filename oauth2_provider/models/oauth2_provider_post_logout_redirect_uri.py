"""Where an application may have people sent after a logout (OpenID Connect RP-Initiated Logout 1.0 §3.1)."""

from odoo import models

from ..protocol.redirect_uri_matching import check_registrable


class OAuth2ProviderPostLogoutRedirectUri(models.Model):
    _name = "oauth2.provider.post.logout.redirect.uri"
    _inherit = "oauth2.provider.client.address"
    _description = "OAuth 2 Address After Logout"

    def _get_kind(self):
        return self.env._("Address after logout")

    def _check_standard(self):
        check_registrable(
            self.uri,
            application_type=self.client_id.application_type,
            local_development=self.client_id.local_development,
        )
