"""Secrets of confidential applications, stored as SHA-256 alone (RFC 6749 §2.3.1)."""

import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..protocol.secret_hashing import hash_secret

SECRET_BYTES = 32


class OAuth2ProviderClientSecret(models.Model):
    _name = "oauth2.provider.client.secret"
    _description = "OAuth 2 Application Secret"
    _inherit = ["oauth2.provider.guarded"]
    _order = "created_at desc, id desc"
    _rec_name = "hint"
    _log_access = False
    _allow_sudo_commands = False

    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    secret_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    hint = fields.Char(string="Ends with", readonly=True, copy=False)
    created_at = fields.Datetime(
        string="Created on", required=True, readonly=True, default=fields.Datetime.now
    )
    expires_at = fields.Datetime(
        string="Valid until", help="Empty: until it is deleted", copy=False
    )
    last_used_at = fields.Datetime(string="Last used on", readonly=True, copy=False)

    _secret_hash_unique = models.UniqueIndex("(secret_hash)")

    @api.model
    def _generate(self, client):
        """Create a secret for ``client`` and return it in plain: the only moment it exists outside its owner."""
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self.sudo().create(
            {"client_id": client.id, "secret_hash": hash_secret(secret), "hint": secret[-4:]}
        )
        return secret

    @api.model_create_multi
    def create(self, vals_list):
        created = super().create(vals_list)
        for secret in created:
            secret.client_id._record_change(self.env._("Secret …%s created", secret.hint))
        return created

    def write(self, vals):
        if set(vals) - {"expires_at"} and not self.env.su:
            raise AccessError(self.env._("Only the end of a secret's validity can be changed."))
        result = super().write(vals)
        for secret in self:
            secret.client_id._record_change(self.env._("Secret …%s changed", secret.hint))
        return result

    def unlink(self):
        for secret in self:
            secret.client_id._record_change(self.env._("Secret …%s deleted", secret.hint))
        return super().unlink()
