"""Which applications a login session has logged in to, and what happens to them when it ends, however it ends."""

import logging

from odoo import api, fields, models
from odoo.tools import SQL

from ..adapters.odoo_sessions import missing_sessions, session_identifier

_logger = logging.getLogger(__name__)
_BATCH_SIZE = 1000


class OAuth2ProviderSessionClient(models.Model):
    _name = "oauth2.provider.session.client"
    _description = "OAuth 2 Application of a Session"
    _order = "id desc"
    _rec_name = "client_id"
    _log_access = False
    _allow_sudo_commands = False

    session_hash = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False, size=64)
    session_identifier = fields.Char(
        required=True,
        groups=fields.NO_ACCESS,
        copy=False,
        index=True,
        help="By which Odoo knows the session; half of what opens it",
    )
    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="cascade")
    is_openid = fields.Boolean(
        required=True, help="It has an ID token, so it knows the session by a name"
    )

    _session_client_unique = models.UniqueIndex("(session_hash, client_id)")

    @api.model
    def _end_of_browser(self):
        """End the session of the requesting browser. Anybody may press a logout button, so look before writing."""
        identifier = session_identifier()
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM oauth2_provider_session_client WHERE session_identifier = %s LIMIT 1",
                identifier,
            )
        )
        if not self.env.cr.fetchone():
            return
        condition = SQL("login.session_identifier = %s", identifier)
        if not self.env.cr.readonly:
            self._end(condition)
            return
        # Odoo logs out on a read-only cursor, which may speak to a replica. As it does itself for its devices:
        self.env.cr.rollback()
        with self.env.registry.cursor() as cr:
            self.with_env(self.env(cr=cr))._end(condition)

    @api.model
    def _end(self, condition):
        """End the sessions of all rows that fulfil ``condition``: tell the applications, end what hangs on them.

        A row is deleted once, so whoever comes second has nothing left to do.

        :param condition: SQL over ``login``, the alias of the table
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """DELETE FROM oauth2_provider_session_client login WHERE %s
                   RETURNING session_hash, client_id, user_id, is_openid""",
                condition,
            )
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return
        self.invalidate_model()
        self.env["oauth2.provider.logout.notice"].sudo()._add(
            (session_hash, client_id, user_id)
            for session_hash, client_id, user_id, is_openid in rows
            if is_openid
        )
        self.env["oauth2.provider.authorization"].sudo()._end_sessions({row[0] for row in rows})

    @api.model
    def _move(self, session_hash):
        """Note the new id that Odoo has given to a session whose person has logged in again."""
        identifier = session_identifier()
        self.env.cr.execute(
            SQL(
                """UPDATE oauth2_provider_session_client SET session_identifier = %(identifier)s
                    WHERE session_hash = %(session_hash)s AND session_identifier <> %(identifier)s""",
                identifier=identifier,
                session_hash=session_hash,
            )
        )

    @api.model
    def _cron_end_missing(self):
        """Notice the sessions that ended without a word: expired, or removed from the server's disk."""
        last = ""
        while identifiers := self._identifiers_after(last):
            last = identifiers[-1]
            missing = missing_sessions(identifiers)
            if missing:
                _logger.info("%s sessions have ended without a logout", len(missing))
                self._end(SQL("login.session_identifier IN %s", tuple(missing)))
                self.env["ir.cron"]._commit_progress(len(missing))

    @api.model
    def _identifiers_after(self, identifier):
        self.env.cr.execute(
            SQL(
                """SELECT DISTINCT session_identifier FROM oauth2_provider_session_client
                    WHERE session_identifier > %s ORDER BY session_identifier LIMIT %s""",
                identifier,
                _BATCH_SIZE,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]
