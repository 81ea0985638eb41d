"""Authorization requests that wait for their user to log in and consent; bound to one browser, completed once.

A pushed request (RFC 9126) waits for any browser; each that arrives gets a request of its own, and the first to be
answered completes the pushed one with it.
"""

from urllib.parse import parse_qs, urlsplit

from odoo import api, fields, models
from odoo.tools import SQL

from ..protocol.authorization_request.local_address import CONTINUE_PATH
from ..protocol.secret_hashing import hash_secret
from .bounded_deletion import delete_batch


class OAuth2ProviderAuthorizationRequest(models.Model):
    _name = "oauth2.provider.authorization.request"
    _description = "OAuth 2 Authorization Request"
    _order = "id desc"
    _rec_name = "client_id"
    _log_access = False
    _allow_sudo_commands = False

    handle_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    browser_hash = fields.Char(groups=fields.NO_ACCESS, copy=False, size=64)
    pushed_hash = fields.Char(
        groups=fields.NO_ACCESS,
        copy=False,
        size=64,
        index="btree_not_null",
        help="Handle of the pushed request that this one goes back to",
    )
    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    parameters = fields.Text(required=True, groups=fields.NO_ACCESS, help="JSON")
    created_at = fields.Datetime(required=True)
    expires_at = fields.Datetime(required=True, index=True)
    completed_at = fields.Datetime()

    _handle_hash_unique = models.UniqueIndex("(handle_hash)")

    @api.model
    def _client_name_at(self, address):
        """To which application leads the local address at which somebody goes on after a login? None: to none, or to
        one whose name should not stand on the login page."""
        try:
            parts = urlsplit(address or "")
        except ValueError:
            return None
        handles = parse_qs(parts.query).get("rid")
        if not handles or not parts.path.endswith(CONTINUE_PATH):
            return None
        waiting = self.sudo().search(
            [
                ("handle_hash", "=", hash_secret(handles[0])),
                ("expires_at", ">", fields.Datetime.now()),
                ("completed_at", "=", False),
            ]
        )
        client = waiting.client_id
        return client.name if client._may_be_named_at_login() else None

    @api.autovacuum
    def _gc_expired(self):
        # A pushed request must be there to be completed for as long as somebody may log in for it.
        return delete_batch(
            self,
            SQL(
                """expired.expires_at < %s AND NOT EXISTS (
                    SELECT 1 FROM oauth2_provider_authorization_request arrived
                    WHERE arrived.pushed_hash = expired.handle_hash)""",
                fields.Datetime.now(),
            ),
        )
