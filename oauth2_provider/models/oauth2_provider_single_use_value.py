"""Values that may be used once: a row says that one has been. Shared by all workers (RFC 7523 §3, RFC 9449 §11.1)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch

# A clock that is put back must not make a used value new again.
KEPT_AFTER_EXPIRY = timedelta(days=1)


class OAuth2ProviderSingleUseValue(models.Model):
    _name = "oauth2.provider.single.use.value"
    _description = "OAuth 2 Used Value"
    _log_access = False
    _allow_sudo_commands = False
    _rec_name = "kind"

    kind = fields.Char(required=True)
    value_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    expires_at = fields.Datetime(required=True, index=True)

    _value_hash_unique = models.UniqueIndex("(value_hash)")

    @api.autovacuum
    def _gc_expired(self):
        end = fields.Datetime.now() - KEPT_AFTER_EXPIRY
        return delete_batch(self, SQL("expired.expires_at < %s", end))
