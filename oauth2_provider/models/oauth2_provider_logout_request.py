"""Logout requests between their arrival and the logout, which is a matter of seconds."""

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch


class OAuth2ProviderLogoutRequest(models.Model):
    _name = "oauth2.provider.logout.request"
    _description = "OAuth 2 Logout Request"
    _order = "id desc"
    _rec_name = "expires_at"
    _log_access = False
    _allow_sudo_commands = False

    handle_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    parameters = fields.Text(required=True, groups=fields.NO_ACCESS, help="JSON")
    expires_at = fields.Datetime(required=True, index=True)

    _handle_hash_unique = models.UniqueIndex("(handle_hash)")

    @api.autovacuum
    def _gc_expired(self):
        return delete_batch(self, SQL("expired.expires_at < %s", fields.Datetime.now()))
