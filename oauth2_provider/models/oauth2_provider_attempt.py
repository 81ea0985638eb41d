"""Failed attempts, counted over all workers: rows that are only added, so that nobody waits for anybody."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch


class OAuth2ProviderAttempt(models.Model):
    _name = "oauth2.provider.attempt"
    _description = "OAuth 2 Failed Attempt"
    _order = "id desc"
    _rec_name = "kind"
    _log_access = False
    _allow_sudo_commands = False

    kind = fields.Char(required=True)
    key = fields.Char(required=True, help="Whose attempt it was: a user, an address")
    occurred_at = fields.Datetime(required=True, index=True)

    _by_key = models.Index("(kind, key, occurred_at)")

    @api.autovacuum
    def _gc_old(self):
        return delete_batch(
            self, SQL("expired.occurred_at < %s", fields.Datetime.now() - timedelta(days=1))
        )
