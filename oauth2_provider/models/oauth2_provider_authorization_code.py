"""Authorization codes, as hashes (RFC 6749 §4.1.2). Written and read by the SQL store alone."""

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch


class OAuth2ProviderAuthorizationCode(models.Model):
    _name = "oauth2.provider.authorization.code"
    _description = "OAuth 2 Authorization Code"
    _order = "id desc"
    _rec_name = "authorization_id"
    _log_access = False
    _allow_sudo_commands = False

    code_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    authorization_id = fields.Many2one(
        "oauth2.provider.authorization", required=True, index=True, ondelete="cascade"
    )
    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    redirect_uri = fields.Char(string="Redirect address")
    redirect_uri_sent = fields.Boolean()
    code_challenge = fields.Char(groups=fields.NO_ACCESS, copy=False)
    dpop_jkt = fields.Char(
        help="Thumbprint of the key to be proven at the redemption (RFC 9449 §10)"
    )
    expires_at = fields.Datetime(required=True, index=True)
    used_at = fields.Datetime()

    _code_hash_unique = models.UniqueIndex("(code_hash)")

    @api.autovacuum
    def _gc_expired(self):
        # A used code must be recognised as a replay for as long as its tokens may live (RFC 6749 §4.1.2).
        return delete_batch(
            self,
            SQL(
                """expired.expires_at < %(now)s AND (expired.used_at IS NULL OR EXISTS (
                    SELECT 1 FROM oauth2_provider_authorization authz
                    WHERE authz.id = expired.authorization_id AND authz.expires_at < %(now)s))""",
                now=fields.Datetime.now(),
            ),
        )
