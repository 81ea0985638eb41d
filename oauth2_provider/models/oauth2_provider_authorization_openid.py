"""What later ID tokens and UserInfo need to know of the request and the login that an authorization goes back to."""

from odoo import fields, models


# A standard of its own, so a file of its own.
class OAuth2ProviderAuthorization(models.Model):
    _inherit = "oauth2.provider.authorization"

    nonce = fields.Char(groups=fields.NO_ACCESS, copy=False)
    acr = fields.Char(string="Login level", readonly=True)
    amr = fields.Char(string="Login methods", readonly=True, help="Words of RFC 8176")
    claims = fields.Text(
        groups=fields.NO_ACCESS, copy=False, help="JSON: the claims asked for by name"
    )
