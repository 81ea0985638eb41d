"""What applications that register themselves do, in the audit trail."""

from odoo import fields, models


class OAuth2ProviderEvent(models.Model):
    _inherit = "oauth2.provider.event"

    event_type = fields.Selection(
        selection_add=[
            ("client_registered", "Application registered itself"),
            ("client_unregistered", "Application deleted itself"),
            ("registration_refused", "Registration refused"),
        ],
        ondelete={
            "client_registered": "cascade",
            "client_unregistered": "cascade",
            "registration_refused": "cascade",
        },
    )
