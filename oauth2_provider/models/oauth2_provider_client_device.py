"""Applications on devices without a browser, like a television (RFC 8628)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocol.authorization_request.local_address import DEVICE_PATH


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    use_device = fields.Boolean(
        string="On devices without a browser",
        tracking=True,
        help="For televisions, scanners and programs on a command line: they show a short code, which people type on "
        "their phone or computer.",
    )
    device_verification_uri = fields.Char(
        string="Page for the code", compute="_compute_device_verification_uri"
    )

    @api.depends("use_device")
    def _compute_device_verification_uri(self):
        issuer = self.env["ir.config_parameter"].sudo().get_param("oauth2_provider.issuer") or ""
        for client in self:
            client.device_verification_uri = issuer + DEVICE_PATH

    @api.constrains("use_device", "security_profile")
    def _check_profile_of_device(self):
        if any(client.use_device and client.security_profile == "odoo_login" for client in self):
            raise ValidationError(self.env._("Another Odoo is no device without a browser."))
