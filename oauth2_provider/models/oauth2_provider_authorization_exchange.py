"""Authorizations that come from an exchanged token: who acts in them, and what they end with (RFC 8693)."""

from odoo import fields, models


class OAuth2ProviderAuthorization(models.Model):
    _inherit = "oauth2.provider.authorization"

    act = fields.Text(groups=fields.NO_ACCESS, copy=False, help="JSON: who acts for the user")
    origin_id = fields.Many2one(
        "oauth2.provider.authorization",
        string="Comes from",
        index="btree_not_null",
        ondelete="cascade",
        readonly=True,
        help="It ends when that one is revoked.",
    )
    origins = fields.Char(
        groups=fields.NO_ACCESS, copy=False, help="Ids of all that it comes from, the nearest last"
    )
