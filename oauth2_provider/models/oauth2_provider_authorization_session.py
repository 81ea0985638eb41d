"""What of an authorization ends with the login session that it came from (Back-Channel Logout 1.0 §2.7)."""

from odoo import api, fields, models
from odoo.tools import SQL

from ..adapters.odoo_clock import SystemClock
from ..adapters.sql_store.rows import to_timestamp

END_OFFLINE_PARAMETER = "oauth2_provider.end_offline_access_at_logout"


class OAuth2ProviderAuthorization(models.Model):
    _inherit = "oauth2.provider.authorization"

    access_ended_at = fields.Datetime(
        readonly=True, help="Access tokens that were issued until then are dead"
    )

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
        offline = SQL("session_hash IN %s AND is_offline", tuple(session_hashes))
        staying = SQL("(SELECT id FROM oauth2_provider_authorization WHERE %s)", offline)
        # Exchanged tokens are access tokens of the same login.
        self._revoke_where(SQL("authz.origin_id IN %s", staying), "logout")
        self.env.cr.execute(
            SQL(
                "DELETE FROM oauth2_provider_authorization_code"
                " WHERE used_at IS NULL AND authorization_id IN %s",
                staying,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE oauth2_provider_authorization SET access_ended_at = %s WHERE %s",
                to_timestamp(SystemClock(self.env).now()),
                offline,
            )
        )
        self.env["oauth2.provider.authorization.code"].invalidate_model()
        self.invalidate_model(["access_ended_at"])
