"""What of an authorization ends with the login session that it came from (Back-Channel Logout 1.0 §2.7)."""

from odoo import api, fields, models
from odoo.tools import SQL

END_OFFLINE_PARAMETER = "oauth2_provider.end_offline_access_at_logout"


class OAuth2ProviderAuthorization(models.Model):
    _inherit = "oauth2.provider.authorization"

    @api.model
    def _end_sessions(self, session_hashes):
        """The one place that knows what a logout ends: all of it; of what may stay connected while its person is away
        (offline_access), unless an administrator wants that to end too, only codes under way and access tokens."""
        of_sessions = SQL("authz.session_hash IN %s", tuple(session_hashes))
        get_param = self.env["ir.config_parameter"].sudo().get_param
        if get_param(END_OFFLINE_PARAMETER) == "1":
            self._revoke_where(of_sessions, "logout")
            return
        self._revoke_where(SQL("%s AND authz.is_offline IS NOT TRUE", of_sessions), "logout")
        staying = SQL(
            """authorization_id IN (
                SELECT authz.id FROM oauth2_provider_authorization authz WHERE %s AND authz.is_offline)""",
            of_sessions,
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM oauth2_provider_authorization_code WHERE used_at IS NULL AND %s",
                staying,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE oauth2_provider_token SET expires_at = %(now)s"
                " WHERE kind = 'access' AND expires_at > %(now)s AND %(staying)s",
                now=fields.Datetime.now(),
                staying=staying,
            )
        )
        self.env["oauth2.provider.authorization.code"].invalidate_model()
        self.env["oauth2.provider.token"].invalidate_model()
