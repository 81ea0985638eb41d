"""The personal details of a user, and an address of the own picture that can be read without a login."""

import uuid

from odoo import fields, models
from odoo.tools import SQL

from .own_value_column import add_own_value_column


class ResUsers(models.Model):
    _inherit = "res.users"

    oauth2_picture_token = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        default=lambda self: uuid.uuid4().hex,
        help="Random part of the address of the picture: only who was told it can read it",
    )

    _oauth2_picture_token_unique = models.UniqueIndex("(oauth2_picture_token)")

    def _auto_init(self):
        own = SQL("replace(gen_random_uuid()::text, '-', '')")
        add_own_value_column(self, "oauth2_picture_token", own)
        return super()._auto_init()

    def action_oauth2_edit_profile(self):
        """Open what the user says about themselves for applications."""
        profiles = self.env["oauth2.provider.profile"]
        profile = profiles.search([("user_id", "=", self.env.uid)], limit=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Personal details for applications"),
            "res_model": profiles._name,
            "res_id": profile.id,
            "views": [(False, "form")],
            "target": "new",
        }
