"""How an application hands in its authorization requests (RFC 9126 §6)."""

from odoo import fields, models


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    require_pushed_authorization_requests = fields.Boolean(
        string="Only pushed requests",
        tracking=True,
        help="The application sends each request to this Odoo itself, before the browser comes. Nobody can "
        "change it on the way. Tick it if the application's documentation speaks of PAR.",
    )
