"""Access and refresh tokens, as hashes (RFC 6749 §1.4, §1.5). Written and read by the SQL store alone."""

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch
from .unchecked_many2one import UncheckedMany2one


class OAuth2ProviderToken(models.Model):
    _name = "oauth2.provider.token"
    _description = "OAuth 2 Token"
    _order = "id desc"
    _rec_name = "kind"
    _log_access = False
    _allow_sudo_commands = False

    kind = fields.Selection([("access", "Access"), ("refresh", "Refresh")], required=True)
    token_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    # A token whose authorization is gone is found by nobody, and the cleanup takes it once it has expired.
    authorization_id = UncheckedMany2one("oauth2.provider.authorization", index="btree_not_null")
    # Not columns of their own: two references and two indexes more to keep, with each token that is written.
    client_id = fields.Many2one(related="authorization_id.client_id", string="Application")
    user_id = fields.Many2one(related="authorization_id.user_id")
    scope = fields.Char()
    audience = fields.Char(help="Resources that the token is for (RFC 8707), separated by spaces")
    confirmation_jkt = fields.Char(
        help="Thumbprint of the key that its sender must prove (RFC 9449)"
    )
    confirmation_x5t_s256 = fields.Char(help="Thumbprint of the sender's certificate (RFC 8705)")
    authorization_details = fields.Text(groups=fields.NO_ACCESS, copy=False, help="JSON (RFC 9396)")
    issued_at = fields.Datetime(required=True)
    expires_at = fields.Datetime(required=True, index=True)
    used_at = fields.Datetime(help="When a refresh token was replaced by the next one")

    _token_hash_unique = models.UniqueIndex("(token_hash)")

    @api.autovacuum
    def _gc_expired(self):
        # A replaced refresh token must be recognised when it comes back, for as long as its family may live.
        return delete_batch(
            self,
            SQL(
                """expired.expires_at < %(now)s AND (
                    expired.kind = 'access' OR expired.used_at IS NULL OR NOT EXISTS (
                        SELECT 1 FROM oauth2_provider_authorization authz
                        WHERE authz.id = expired.authorization_id AND authz.expires_at >= %(now)s))""",
                now=fields.Datetime.now(),
            ),
        )
