"""Events of logouts."""

from odoo import fields, models


class OAuth2ProviderEvent(models.Model):
    _inherit = "oauth2.provider.event"

    event_type = fields.Selection(
        selection_add=[("logged_out", "Logged out"), ("logout_refused", "Logout refused")],
        ondelete={"logged_out": "cascade", "logout_refused": "cascade"},
    )
