"""Documents of other servers, kept for all workers: the keys of applications above all."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch

KEPT_UNUSED = timedelta(days=30)


class OAuth2ProviderFetchedDocument(models.Model):
    _name = "oauth2.provider.fetched.document"
    _description = "OAuth 2 Fetched Document"
    _log_access = False
    _allow_sudo_commands = False
    _rec_name = "url"

    url_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    url = fields.Char(required=True)
    body = fields.Text(help="Empty if it could never be fetched")
    fetched_at = fields.Datetime(help="When the body came")
    tried_at = fields.Datetime(required=True, index=True)
    renewed_at = fields.Datetime(help="When it was last fetched before its time")

    _url_hash_unique = models.UniqueIndex("(url_hash)")

    @api.autovacuum
    def _gc_unused(self):
        """Rows without a body only say when an address was called last, and anybody can name addresses."""
        now = fields.Datetime.now()
        condition = SQL(
            "(expired.tried_at < %s OR expired.tried_at < %s AND expired.body IS NULL)",
            now - KEPT_UNUSED,
            now - timedelta(days=1),
        )
        return delete_batch(self, condition)
