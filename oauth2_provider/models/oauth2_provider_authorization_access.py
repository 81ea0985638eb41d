"""What the access tokens of an authorization are for (RFC 8707, RFC 9396), and how long it may outlive the login."""

from odoo import fields, models


class OAuth2ProviderAuthorization(models.Model):
    _inherit = "oauth2.provider.authorization"

    identifier = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        help="By this random name a token that is stored nowhere finds its authorization",
    )
    is_offline = fields.Boolean(
        string="Stays after logout",
        readonly=True,
        help="It does not end with the login session that it came from.",
    )
    audience = fields.Char(string="For", readonly=True, help="Resources, separated by spaces")
    authorization_details = fields.Text(groups=fields.NO_ACCESS, copy=False, help="JSON")

    sharing_key = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        index="btree_not_null",
        help="A hash of what requests have in common whose tokens hang on this authorization",
    )

    _identifier_unique = models.UniqueIndex("(identifier)")
