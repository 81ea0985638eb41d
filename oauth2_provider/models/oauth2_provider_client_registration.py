"""What an application said of itself when it registered (RFC 7591 §2); an add-on fills it."""

from odoo import fields, models


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    registered_response_types = fields.Char(
        string="Response types",
        readonly=True,
        copy=False,
        help="The only ones that it may use, one per line. Empty: those of the flows that are ticked.",
    )
