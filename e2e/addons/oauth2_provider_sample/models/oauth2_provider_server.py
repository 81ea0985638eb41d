from odoo import api, models


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _own_resources(self):
        return super()._own_resources() | {"/sample/bank": ("bank.pay",)}
