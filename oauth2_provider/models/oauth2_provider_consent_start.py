"""The button that opens a connected application, logged in (OpenID Connect Core §4)."""

from odoo import api, fields, models


class OAuth2ProviderConsent(models.Model):
    _inherit = "oauth2.provider.consent"

    start_address = fields.Char(
        string="Start address", compute="_compute_start_address", compute_sudo=True
    )

    @api.depends("client_id.initiate_login_uri", "client_id.active")
    def _compute_start_address(self):
        for consent in self:
            client = consent.client_id
            consent.start_address = client.active and client._start_address()

    def action_start(self):
        """Go to the application, where the login starts by itself."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self.start_address, "target": "new"}
