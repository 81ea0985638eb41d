"""How people must have logged in for an application (OpenID Connect Core §5.5.1.1, Registration §2)."""

from odoo import fields, models


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    required_level_id = fields.Many2one(
        "oauth2.provider.authentication.level",
        string="Needs a login with",
        ondelete="restrict",
        tracking=True,
        help="Who logged in with less proves the rest before the application hears anything.",
    )
    default_acr_values = fields.Char(
        string="Wishes for logins with",
        tracking=True,
        help="Names of login levels, best first, separated by spaces. "
        "They count where the application itself asks for none, and nobody is refused because of them.",
    )
