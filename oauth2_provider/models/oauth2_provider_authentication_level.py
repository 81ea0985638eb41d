"""Login levels: what an application may demand of a login, under names of the organisation's choice (acr)."""

import re

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

# The methods (RFC 8176) that each kind of login shows.
_METHODS = {
    "any": frozenset(),
    "second_factor": frozenset({"mfa"}),
    "passkey": frozenset({"mfa", "pop"}),
}
_NAME = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]{1,200}")


class OAuth2ProviderAuthenticationLevel(models.Model):
    _name = "oauth2.provider.authentication.level"
    _description = "OAuth 2 Login Level"
    _inherit = ["oauth2.provider.guarded"]
    _order = "sequence, id"

    name = fields.Char(
        string="Name for applications",
        required=True,
        help="The value of acr that applications send and receive, often an address. They must agree with you on it.",
    )
    requirement = fields.Selection(
        [
            ("any", "Any login"),
            ("second_factor", "A second factor: a code from an app or by mail, or a passkey"),
            ("passkey", "A passkey, which no false page can take from people"),
        ],
        string="What it takes",
        required=True,
        default="second_factor",
    )
    sequence = fields.Integer(default=10)
    client_ids = fields.One2many("oauth2.provider.client", "required_level_id")

    _name_unique = models.UniqueIndex("(name)", "There is already a login level of this name.")

    @api.constrains("name")
    def _check_name(self):
        for level in self:
            if not _NAME.fullmatch(level.name):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be the name of a login level: "
                        "it must be one word of plain letters, digits and signs.",
                        level.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        self._forget_levels()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self._forget_levels()
        return result

    def unlink(self):
        result = super().unlink()
        self._forget_levels()
        return result

    @api.model
    @tools.ormcache()
    def _levels(self):
        """All levels as the protocol reads them, from weak to strong."""
        levels = self.sudo().search([])  # pylint: disable=no-search-all
        strength = list(_METHODS)
        return tuple(
            (level.name, _METHODS[level.requirement])
            for level in levels.sorted(lambda level: strength.index(level.requirement))
        )

    @api.model
    def _forget_levels(self):
        # Whoever reads between now and the commit caches the old state again, hence the second time after it.
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
