"""What a logout ends beyond the login itself."""

from odoo import api, fields, models

from .oauth2_provider_authorization_session import END_OFFLINE_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_end_offline_access = fields.Boolean(string="A logout ends every connection")

    @api.model
    def get_values(self):
        values = super().get_values()
        value = self.env["ir.config_parameter"].sudo().get_param(END_OFFLINE_PARAMETER)
        values["oauth2_end_offline_access"] = value == "1"
        return values

    def set_values(self):
        result = super().set_values()
        value = "1" if self.oauth2_end_offline_access else "0"
        self.env["ir.config_parameter"].sudo().set_param(END_OFFLINE_PARAMETER, value)
        return result
