"""The outbox of back-channel logout: what applications still have to hear, and what became of it.

A row is written in the transaction of the logout itself, so that neither exists without the other. It leaves right
after that transaction, and again by the scheduled job for as long as the application does not take it.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure

from ..adapters.logout_courier import leave_after_commit
from ..protocol.backchannel_logout import delay_after, logout_message, send
from ..protocol.session_identifier import sid_of
from .bounded_deletion import delete_batch

# For so long an attempt belongs to who began it; one that was cut off is repeated afterwards.
LEASE = timedelta(minutes=2)
RETENTION = timedelta(days=30)
_AT_ONCE = 8


class OAuth2ProviderLogoutNotice(models.Model):
    _name = "oauth2.provider.logout.notice"
    _description = "OAuth 2 Log-out Notice"
    _order = "id desc"
    _rec_name = "client_id"
    _log_access = False
    _allow_sudo_commands = False

    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    # Without a reference: the notice must outlive the user whose deletion it may be about.
    user_login = fields.Char(string="User", readonly=True)
    subject = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False)
    sid = fields.Char(required=True, groups=fields.NO_ACCESS, copy=False)
    state = fields.Selection(
        [("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Given up")],
        required=True,
        readonly=True,
    )
    created_at = fields.Datetime(string="Logged out on", required=True, index=True, readonly=True)
    attempts = fields.Integer(required=True, readonly=True)
    last_attempt_at = fields.Datetime(string="Last attempt", readonly=True)
    next_attempt_at = fields.Datetime(string="Next attempt", readonly=True)
    last_error = fields.Char(string="What went wrong", readonly=True)

    _due = models.Index("(next_attempt_at) WHERE state = 'waiting'")

    @api.model
    def _add(self, logins):
        """Write down what is to be told, and have it leave after the transaction.

        :param logins: triples of session_hash, client_id, user_id
        """
        clients = self.env["oauth2.provider.client"]
        now = fields.Datetime.now()
        vals_list = []
        for session_hash, client_id, user_id in logins:
            client = clients.browse(client_id)
            if not client.active or not client.backchannel_logout_uri:
                continue
            user = self.env["res.users"].browse(user_id)
            vals_list.append(
                {
                    "client_id": client_id,
                    "user_login": user.login,
                    "subject": client._subject_of(user),
                    "sid": sid_of(session_hash, client.client_identifier),
                    "state": "waiting",
                    "created_at": now,
                    "attempts": 0,
                    "next_attempt_at": now,
                }
            )
        if vals_list:
            self.create(vals_list)
            leave_after_commit(self.env.cr)

    def action_retry(self):
        """Try again at once, also what was given up."""
        self.check_access("read")
        if not self.env.user.has_group("oauth2_provider.group_oauth2_administrator"):
            return False
        waiting = self.sudo().filtered(lambda notice: notice.state != "delivered")
        waiting.write({"state": "waiting", "attempts": 0, "next_attempt_at": fields.Datetime.now()})
        leave_after_commit(self.env.cr)
        return True

    @api.model
    def _deliver_due(self):
        """Tell everybody whose turn it is. No transaction stays open while another server takes its time."""
        outbound = self.env["oauth2.provider.server"]._outbound()
        with ThreadPoolExecutor(_AT_ONCE, "oauth2_provider.logout") as executor:
            while claimed := self._claim_due():
                messages = [notice._message() for notice in claimed]
                self.env["ir.cron"]._commit_progress()
                results = executor.map(lambda message: _attempt(outbound, message), messages)
                for notice, error in zip(claimed, results, strict=True):
                    notice._note_result(error)
                self.env["ir.cron"]._commit_progress(len(claimed))

    @api.model
    def _claim_due(self):
        """At most one batch of what is due, as records that nobody else will send meanwhile."""
        self.flush_model()
        claimed = None
        while claimed is None:
            claimed = self._try_to_claim()
        self.invalidate_model()
        return self.browse(claimed)

    def _try_to_claim(self):
        """The ids; None if another worker has just taken some of them, which one's own transaction cannot see yet."""
        now = fields.Datetime.now()
        # An array, as in bounded_deletion: else all that is due may be claimed.
        claim = SQL(
            """UPDATE oauth2_provider_logout_notice
                  SET attempts = attempts + 1, last_attempt_at = %(now)s, next_attempt_at = %(end)s
                WHERE id = ANY (ARRAY(
                    SELECT id FROM oauth2_provider_logout_notice
                     WHERE state = 'waiting' AND next_attempt_at <= %(now)s
                     ORDER BY next_attempt_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
            RETURNING id""",
            now=now,
            end=now + LEASE,
            limit=_AT_ONCE,
        )
        try:
            self.env.cr.execute(claim, log_exceptions=False)
        except SerializationFailure:
            # Nothing else was done in it: each batch is committed before the next one is claimed.
            self.env.cr.rollback()
            return None
        return [row[0] for row in self.env.cr.fetchall()]

    def _message(self):
        """What is sent now: the token is made for this attempt."""
        server = self.env["oauth2.provider.server"]._authorization_server()
        client = server.ports.clients.find_client(self.client_id.client_identifier)
        return logout_message(server, client, subject=self.subject, sid=self.sid)

    def _note_result(self, error):
        if error is None:
            self.write({"state": "delivered", "next_attempt_at": False, "last_error": False})
            return
        delay = delay_after(self.attempts)
        if delay is None:
            self.write({"state": "failed", "next_attempt_at": False, "last_error": error[:500]})
            return
        again = fields.Datetime.now() + timedelta(seconds=delay)
        self.write({"next_attempt_at": again, "last_error": error[:500]})
        self.env.ref("oauth2_provider.cron_deliver_logout_notices").sudo()._trigger(again)

    @api.autovacuum
    def _gc_old(self):
        oldest = fields.Datetime.now() - RETENTION
        return delete_batch(self, SQL("expired.created_at < %s", oldest))


def _attempt(outbound, message):
    return send(outbound, message) if message else "The application has no back-channel address."
