"""Revocations: rows that are only ever inserted, so that killing an authorization waits for nobody (RFC 7009)."""

from odoo import fields, models


class OAuth2ProviderAuthorizationRevocation(models.Model):
    _name = "oauth2.provider.authorization.revocation"
    _description = "OAuth 2 Revocation"
    _order = "id"
    _rec_name = "reason"
    _log_access = False
    _allow_sudo_commands = False

    authorization_id = fields.Many2one(
        "oauth2.provider.authorization",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("code_replay", "Its code was used twice"),
            ("refresh_replay", "A replaced refresh token was used again"),
            ("user", "Ended by the user"),
            ("administrator", "Ended by an administrator"),
            ("client", "Ended by the application"),
            ("consent", "Consent withdrawn"),
            ("password", "Password changed"),
            ("archived", "User or application archived"),
            ("logout", "Logged out"),
            ("everything", "Everything was ended"),
        ],
        required=True,
        readonly=True,
    )
    revoked_at = fields.Datetime(string="Revoked on", required=True, readonly=True)
