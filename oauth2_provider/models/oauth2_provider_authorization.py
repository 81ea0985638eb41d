"""Authorizations: what one "yes" of one user created; every code and token hangs on it and dies with it."""

from odoo import api, fields, models
from odoo.tools import SQL

from .bounded_deletion import delete_batch


class OAuth2ProviderAuthorization(models.Model):
    _name = "oauth2.provider.authorization"
    _description = "OAuth 2 Authorization"
    _order = "id desc"
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
    user_id = fields.Many2one("res.users", index=True, ondelete="cascade", readonly=True)
    scope = fields.Char(readonly=True)
    created_at = fields.Datetime(string="Given on", required=True, readonly=True)
    expires_at = fields.Datetime(string="Ends on", required=True, index=True, readonly=True)
    auth_time = fields.Datetime(
        string="Logged in on", readonly=True, help="When the user proved who they are"
    )
    session_hash = fields.Char(groups=fields.NO_ACCESS, copy=False, index="btree_not_null")
    redirect_uri = fields.Char(string="Redirect address", readonly=True)
    revocation_ids = fields.One2many(
        "oauth2.provider.authorization.revocation",
        "authorization_id",
        string="Revocations",
        readonly=True,
    )
    state = fields.Selection(
        [("active", "Active"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
        search="_search_state",
        compute_sudo=True,
    )
    scope_description = fields.Char(string="May see", compute="_compute_scope_description")

    @api.depends("expires_at", "revocation_ids")
    def _compute_state(self):
        now = fields.Datetime.now()
        for authorization in self:
            if authorization.revocation_ids:
                authorization.state = "revoked"
            elif authorization.expires_at and authorization.expires_at <= now:
                authorization.state = "expired"
            else:
                authorization.state = "active"

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        revoked = fields.Domain("revocation_ids", "!=", False)
        expired = fields.Domain("expires_at", "<=", now)
        domains = {
            "revoked": revoked,
            "expired": ~revoked & expired,
            "active": ~revoked & ~expired,
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("scope")
    @api.depends_context("lang")
    def _compute_scope_description(self):
        scopes = self.env["oauth2.provider.scope"]
        for authorization in self:
            authorization.scope_description = ", ".join(scopes._describe(authorization.scope))

    @api.depends("client_id", "user_id")
    def _compute_display_name(self):
        for authorization in self:
            owner = authorization.user_id.sudo().name or ""
            application = authorization.client_id.sudo().name or ""
            authorization.display_name = f"{application} – {owner}" if owner else application

    def action_revoke(self):
        """End these authorizations: a user's own ones, or any for an administrator. Their tokens die at once."""
        self.check_access("read")
        own = self.filtered(lambda authorization: authorization.user_id == self.env.user)
        own._revoke("user")
        (self - own)._revoke("administrator")
        return True

    def _revoke(self, reason):
        """End these authorizations.

        :param reason: a value of ``oauth2.provider.authorization.revocation.reason``
        :return: how many were alive
        """
        return self._revoke_where(SQL("authz.id IN %s", tuple(self.ids)), reason) if self.ids else 0

    @api.model
    def _revoke_where(self, condition, reason):
        """End all living authorizations that fulfil ``condition``, with one event each, in one statement.

        :param condition: SQL over ``authz``, the alias of the table of authorizations
        :param reason: a value of ``oauth2.provider.authorization.revocation.reason``
        :return: how many there were
        """
        events = self.env["oauth2.provider.event"]
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                WITH revoked AS (
                    INSERT INTO oauth2_provider_authorization_revocation (authorization_id, reason, revoked_at)
                    SELECT authz.id, %(reason)s, %(now)s FROM oauth2_provider_authorization authz
                    WHERE (%(condition)s) AND authz.expires_at > %(now)s AND NOT EXISTS (
                        SELECT 1 FROM oauth2_provider_authorization_revocation earlier
                        WHERE earlier.authorization_id = authz.id)
                    RETURNING authorization_id
                )
                INSERT INTO oauth2_provider_event
                    (occurred_at, event_type, client_id, client_identifier, user_id, ip_address, user_agent, detail)
                SELECT %(now)s, 'revoked', client.id, client.client_identifier, authz.user_id,
                       %(ip_address)s, %(user_agent)s, %(detail)s
                FROM revoked
                JOIN oauth2_provider_authorization authz ON authz.id = revoked.authorization_id
                JOIN oauth2_provider_client client ON client.id = authz.client_id
                """,
                condition=condition,
                reason=reason,
                now=fields.Datetime.now(),
                detail=events._actor_detail(f"reason: {reason}"),
                **events._origin_values(),
            )
        )
        revoked = self.env.cr.rowcount
        if revoked:
            self.env["oauth2.provider.authorization.revocation"].invalidate_model()
            self.invalidate_model(["revocation_ids", "state"])
            events.invalidate_model()
        return revoked

    @api.autovacuum
    def _gc_expired(self):
        # Codes, tokens and what was exchanged go first, each in bounded batches of their own, so that no cascade grows
        # without bound or comes upon a row that a request holds.
        return delete_batch(
            self,
            SQL(
                """expired.expires_at < %s
                AND NOT EXISTS (SELECT 1 FROM oauth2_provider_token token WHERE token.authorization_id = expired.id)
                AND NOT EXISTS (
                    SELECT 1 FROM oauth2_provider_authorization_code code WHERE code.authorization_id = expired.id)
                AND NOT EXISTS (
                    SELECT 1 FROM oauth2_provider_device_code device WHERE device.authorization_id = expired.id)
                AND NOT EXISTS (
                    SELECT 1 FROM oauth2_provider_authorization derived WHERE derived.origin_id = expired.id)
                """,
                fields.Datetime.now(),
            ),
        )
