"""Odoo's own ways to end sessions: archived and deleted users, new passwords, revoked devices."""

from odoo import models
from odoo.tools import SQL

from ..adapters.odoo_sessions import current_session_hash


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active") is False:
            self._oauth2_end_sessions()
        return result

    def unlink(self):
        self._oauth2_end_sessions()
        return super().unlink()

    def _set_password(self):
        result = super()._set_password()
        self._oauth2_end_sessions()
        return result

    def _action_revoke_all_devices(self):
        """Who logs out everywhere also wants nobody to go on with a connection that outlives logouts; only what hangs
        on the session of the browser in use stays, as the session itself does."""
        result = super()._action_revoke_all_devices()
        current = current_session_hash() or ""
        self._oauth2_revoke("logout", SQL("authz.session_hash IS DISTINCT FROM %s", current))
        return result

    def _oauth2_end_sessions(self):
        if self.ids:
            self.env["oauth2.provider.session.client"].sudo()._end(
                SQL("login.user_id IN %s", tuple(self.ids))
            )


class ResDevice(models.Model):
    _inherit = "res.device"

    def _revoke(self):
        """First, as Odoo may log out the browser in use on the way."""
        identifiers = tuple(set(self.sudo().mapped("session_identifier")))
        if identifiers:
            self.env["oauth2.provider.session.client"].sudo()._end(
                SQL("login.session_identifier IN %s", identifiers)
            )
        return super()._revoke()
