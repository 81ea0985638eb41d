"""Which ways to a token the server offers at all; each application must be allowed to use one as well."""

from odoo import api, fields, models

DISABLED_GRANTS_PARAMETER = "oauth2_provider.disabled_grants"
_GRANT_TYPES = {
    "oauth2_grant_client_credentials": "client_credentials",
    "oauth2_grant_device": "urn:ietf:params:oauth:grant-type:device_code",
    "oauth2_grant_jwt_bearer": "urn:ietf:params:oauth:grant-type:jwt-bearer",
    "oauth2_grant_token_exchange": "urn:ietf:params:oauth:grant-type:token-exchange",
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_grant_client_credentials = fields.Boolean(string="Applications that act for themselves")
    oauth2_grant_device = fields.Boolean(string="Devices without a browser")
    oauth2_grant_jwt_bearer = fields.Boolean(string="Assertions of trusted issuers")
    oauth2_grant_token_exchange = fields.Boolean(string="Exchange of tokens between services")

    @api.model
    def get_values(self):
        values = super().get_values()
        parameters = self.env["ir.config_parameter"].sudo()
        disabled = (parameters.get_param(DISABLED_GRANTS_PARAMETER) or "").split()
        values.update(
            {name: grant_type not in disabled for name, grant_type in _GRANT_TYPES.items()}
        )
        return values

    def set_values(self):
        result = super().set_values()
        disabled = [grant_type for name, grant_type in _GRANT_TYPES.items() if not self[name]]
        self.env["ir.config_parameter"].sudo().set_param(
            DISABLED_GRANTS_PARAMETER, " ".join(disabled)
        )
        return result
