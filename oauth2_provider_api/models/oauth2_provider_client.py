"""What an administrator sees of an application that may use the API."""

from odoo import api, fields, models

from .oauth2_provider_server import JSON2, READ, WRITE


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    api_access = fields.Selection(
        [("read", "Reads"), ("write", "Reads and writes")], compute="_compute_api_access"
    )
    api_address = fields.Char(compute="_compute_api_access")

    @api.depends("scope_ids.name")
    def _compute_api_access(self):
        issuer = self.env["oauth2.provider.server"]._parameter("oauth2_provider.issuer")
        for client in self:
            names = client.scope_ids.mapped("name")
            client.api_access = "write" if WRITE in names else "read" if READ in names else False
            client.api_address = f"{issuer}{JSON2}" if issuer else False
