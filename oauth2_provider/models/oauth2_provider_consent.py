"""Consents: that a user allowed an application something, and of what need not be asked again."""

from odoo import api, fields, models
from odoo.tools import SQL


class OAuth2ProviderConsent(models.Model):
    _name = "oauth2.provider.consent"
    _description = "OAuth 2 Consent"
    _order = "granted_at desc, id desc"
    _rec_name = "client_id"
    _log_access = False
    _allow_sudo_commands = False

    user_id = fields.Many2one(
        "res.users", required=True, index=True, ondelete="cascade", readonly=True
    )
    client_id = fields.Many2one(
        "oauth2.provider.client",
        string="Application",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    scope = fields.Char(readonly=True)
    about = fields.Char(
        readonly=True,
        groups=fields.NO_ACCESS,
        size=64,
        help="A digest of the application as it was then; once it is another one, people are asked again",
    )
    granted_at = fields.Datetime(string="Given on", required=True, readonly=True)
    client_name = fields.Char(string="Application name", related="client_id.name")
    scope_description = fields.Char(string="May see", compute="_compute_scope_description")

    _user_client_unique = models.UniqueIndex("(user_id, client_id)")

    @api.depends("scope")
    @api.depends_context("lang")
    def _compute_scope_description(self):
        """With what devices were allowed, which are asked each time."""
        scopes = self.env["oauth2.provider.scope"]
        living = (
            self.env["oauth2.provider.authorization"]
            .sudo()
            ._read_group(
                [
                    ("user_id", "in", self.user_id.ids),
                    ("client_id", "in", self.client_id.ids),
                    ("state", "=", "active"),
                ],
                ["user_id", "client_id", "scope"],
            )
        )
        for consent in self:
            connection = (consent.user_id, consent.client_id)
            allowed = [scope for *of, scope in living if tuple(of) == connection and scope]
            names = " ".join([consent.scope or "", *allowed])
            consent.scope_description = ", ".join(scopes._describe(names))

    def action_revoke(self):
        """Withdraw these consents: a user's own ones, or any for an administrator."""
        self.check_access("read")
        self.sudo().unlink()
        return True

    def unlink(self):
        """Without the consent nothing that was issued under it lives on."""
        for consent in self:
            of_client = SQL("authz.client_id = %s", consent.client_id.id)
            consent.user_id._oauth2_revoke("consent", of_client)
        return super().unlink()
