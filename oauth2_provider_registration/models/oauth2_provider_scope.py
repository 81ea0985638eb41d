"""Scopes that applications may register for."""

from odoo import api, fields, models

STANDARD = ("openid", "profile", "email", "address", "phone", "offline_access")


class OAuth2ProviderScope(models.Model):
    _inherit = "oauth2.provider.scope"

    is_registrable = fields.Boolean(
        string="By registration",
        help="Applications that register themselves may ask for it. Tick only what strangers may ask people for.",
    )

    @api.model
    def _open_standard_scopes(self):
        """At install; afterwards what an administrator ticks stays."""
        self.search([("name", "in", STANDARD)]).is_registrable = True
