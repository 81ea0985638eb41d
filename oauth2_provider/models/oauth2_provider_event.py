"""The audit trail: rows that are only added. Nobody changes or deletes them; the cleanup removes old ones."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import SQL

from .bounded_deletion import delete_batch
from .unchecked_many2one import UncheckedMany2one

RETENTION_PARAMETER = "oauth2_provider.event_retention_days"
DEFAULT_RETENTION_DAYS = 180


class OAuth2ProviderEvent(models.Model):
    _name = "oauth2.provider.event"
    _description = "OAuth 2 Event"
    _order = "id desc"
    _rec_name = "event_type"
    _log_access = False
    _allow_sudo_commands = False

    occurred_at = fields.Datetime(string="When", required=True, index=True, readonly=True)
    event_type = fields.Selection(
        [
            ("login", "Logged in"),
            ("consent_given", "Consent given"),
            ("consent_denied", "Consent denied"),
            ("authorization_refused", "Request refused"),
            ("token_issued", "Token issued"),
            ("token_refused", "Token refused"),
            ("token_refreshed", "Token refreshed"),
            ("token_exchanged", "Token exchanged"),
            ("replay_detected", "Replay detected"),
            ("value_reused", "One value for several people"),
            ("attempts_limited", "Too many failed attempts"),
            ("use_refused", "Use of a token refused"),
            ("revoked", "Revoked"),
            ("client_changed", "Application changed"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    client_id = UncheckedMany2one(
        "oauth2.provider.client", string="Application", index="btree_not_null", readonly=True
    )
    client_identifier = fields.Char(string="Client ID", readonly=True)
    user_id = UncheckedMany2one("res.users", index="btree_not_null", readonly=True)
    ip_address = fields.Char(string="IP address", readonly=True)
    user_agent = fields.Char(string="Browser or program", readonly=True)
    detail = fields.Text(readonly=True)

    _refusals = models.Index("(event_type, occurred_at) WHERE event_type LIKE '%\\_refused'")

    @api.private
    def init(self):
        """Counters of the refusals that get no row; also of the kinds that other add-ons bring."""
        for event_type, _label in self._fields["event_type"].selection:
            if event_type.endswith("_refused"):
                self.env.cr.execute(
                    SQL(
                        "CREATE SEQUENCE IF NOT EXISTS %s OWNED BY oauth2_provider_event.id",
                        SQL.identifier(f"oauth2_provider_unrecorded_{event_type}"),
                    )
                )

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("Events cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _forbid_unlink(self):
        raise AccessError(self.env._("Events cannot be deleted. Old ones go away by themselves."))

    @api.model
    def _record(self, event_type, *, client=None, user=None, detail=""):
        """Add an event that happens now.

        :param client: record of ``oauth2.provider.client``, or nothing
        :param user: the user whom it concerns; the acting user goes into the detail
        :param detail: for administrators; must hold no secret
        """
        self.sudo().create(
            {
                "occurred_at": fields.Datetime.now(),
                "event_type": event_type,
                "client_id": client.id if client else False,
                "client_identifier": client.client_identifier if client else False,
                "user_id": user.id if user else False,
                "detail": self._actor_detail(detail),
                **self._origin_values(),
            }
        )

    @api.model
    def _actor_detail(self, detail):
        actor = self.env.user
        return f"{detail} (by {actor.login}, id {actor.id})" if actor else detail

    @api.model
    def _origin_values(self):
        """Where the running request came from; empty outside of one."""
        if not request:
            return {"ip_address": None, "user_agent": None}
        return {
            "ip_address": request.httprequest.remote_addr,
            "user_agent": (request.httprequest.user_agent.string or "")[:250],
        }

    @api.autovacuum
    def _gc_old(self):
        value = self.env["ir.config_parameter"].sudo().get_param(RETENTION_PARAMETER)
        days = int(value) if value and value.isdigit() and int(value) else DEFAULT_RETENTION_DAYS
        oldest = fields.Datetime.now() - timedelta(days=days)
        return delete_batch(self, SQL("expired.occurred_at < %s", oldest))
