"""Scopes: what an application may ask for, in words for people (RFC 6749 §3.3)."""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# scope-token of RFC 6749 §3.3: printable ASCII without space, quote and backslash.
_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]{1,100}")


class OAuth2ProviderScope(models.Model):
    _name = "oauth2.provider.scope"
    _description = "OAuth 2 Scope"
    _inherit = ["oauth2.provider.guarded"]
    _order = "sequence, name"

    name = fields.Char(required=True, help="The word that applications send, for example: email")
    description = fields.Char(
        required=True, translate=True, help="What people read when they are asked for their consent"
    )
    sequence = fields.Integer(default=10)
    is_default = fields.Boolean(
        string="For new applications", help="New applications may ask for it from the start"
    )

    _name_unique = models.UniqueIndex("(name)", "There is already a scope of this name.")

    @api.constrains("name")
    def _check_name(self):
        for scope in self:
            if not _SCOPE_TOKEN.fullmatch(scope.name):
                raise ValidationError(
                    self.env._(
                        "“%s” cannot be the name of a scope: it must be one word of plain letters, digits and signs.",
                        scope.name,
                    )
                )

    @api.model
    def _describe(self, scope):
        """The descriptions of space-separated scope names, in the order of the scopes.

        A scope without record is described by its own name: nothing that was granted is ever hidden.

        :return: list of strings
        """
        names = (scope or "").split()
        known = self.sudo().search([("name", "in", names)])
        unknown = sorted(set(names) - set(known.mapped("name")))
        return known.mapped("description") + unknown
