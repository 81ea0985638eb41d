"""Initial access tokens: who holds one may register applications (RFC 7591 §3)."""

import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.addons.oauth2_provider.protocol.secret_hashing import (
    INITIAL_ACCESS_TOKEN_PREFIX,
    hash_secret,
)
from odoo.exceptions import ValidationError


class OAuth2ProviderInitialAccessToken(models.Model):
    _name = "oauth2.provider.initial.access.token"
    _description = "OAuth 2 Initial Access Token"
    _inherit = ["oauth2.provider.guarded"]
    _order = "id desc"
    _allow_sudo_commands = False

    name = fields.Char(string="For whom", required=True)
    active = fields.Boolean(default=True)
    token_hash = fields.Char(groups=fields.NO_ACCESS, copy=False, size=64)
    has_token = fields.Boolean(compute="_compute_has_token")
    expires_at = fields.Datetime(
        string="Valid until",
        required=True,
        default=lambda self: fields.Datetime.now() + timedelta(days=7),
    )
    maximum_uses = fields.Integer(
        string="Registrations",
        default=1,
        help="How many applications it may register. 0: any number.",
    )
    uses = fields.Integer(string="Used", readonly=True, copy=False)
    last_used_at = fields.Datetime(string="Last used on", readonly=True, copy=False)

    _token_hash_unique = models.UniqueIndex("(token_hash) WHERE token_hash IS NOT NULL")

    @api.depends("token_hash")
    def _compute_has_token(self):
        for token in self:
            token.has_token = bool(token.sudo().token_hash)

    @api.constrains("maximum_uses")
    def _check_maximum_uses(self):
        if any(token.maximum_uses < 0 for token in self):
            raise ValidationError(self.env._("The number of registrations cannot be negative."))

    def _generate(self):
        """Make the token, and return it in plain: the only moment it exists outside its owner."""
        self.ensure_one()
        token = INITIAL_ACCESS_TOKEN_PREFIX + secrets.token_urlsafe(32)
        self.sudo().write({"token_hash": hash_secret(token), "uses": 0})
        return token

    @check_identity
    def action_new_token(self):
        """Make the token and show it, this once. One that was made before ends."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New initial access token"),
            "res_model": "oauth2.provider.initial.access.token.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_token": self._generate(), "dialog_size": "medium"},
        }
