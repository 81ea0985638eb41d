"""Devices that wait for a person, without their codes (RFC 8628). Written and read by the SQL store alone.

Of the code that a person types the database holds what only the server's secret makes of it.
"""

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch


class OAuth2ProviderDeviceCode(models.Model):
    _name = "oauth2.provider.device.code"
    _description = "OAuth 2 Waiting Device"
    _order = "id desc"
    _rec_name = "client_id"
    _log_access = False
    _allow_sudo_commands = False

    device_code_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    user_code_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    scope = fields.Char()
    audience = fields.Char()
    authorization_details = fields.Text()
    status = fields.Selection(
        [("pending", "Waiting"), ("approved", "Allowed"), ("denied", "Denied")], required=True
    )
    created_at = fields.Datetime(required=True)
    expires_at = fields.Datetime(required=True, index=True)
    poll_interval = fields.Integer(
        required=True, help="Seconds between two questions of the device"
    )
    polled_at = fields.Datetime()
    used_at = fields.Datetime()
    authorization_id = fields.Many2one(
        "oauth2.provider.authorization",
        index="btree_not_null",
        ondelete="cascade",
        help="What its person gave by approving it",
    )

    _device_code_hash_unique = models.UniqueIndex("(device_code_hash)")
    _user_code_hash_unique = models.UniqueIndex("(user_code_hash)")

    @api.autovacuum
    def _gc_expired(self):
        return delete_batch(self, SQL("expired.expires_at < %s", fields.Datetime.now()))
