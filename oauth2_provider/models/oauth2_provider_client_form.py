"""What the screens of an application show and do: the values to enter on the other side, counts, buttons."""

from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity

ODOO_SCOPE = "openid profile email"


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    issuer = fields.Char(compute="_compute_addresses", help="How applications know this Odoo")
    authorization_endpoint = fields.Char(
        string="Authorization address",
        compute="_compute_addresses",
        help="Where the application sends people to log in",
    )
    token_endpoint = fields.Char(
        string="Token address",
        compute="_compute_addresses",
        help="Where the application fetches and renews its tokens",
    )
    userinfo_endpoint = fields.Char(
        string="UserInfo address",
        compute="_compute_addresses",
        help="Where the application reads who has logged in",
    )
    odoo_scope = fields.Char(string="Scope", compute="_compute_odoo_values")
    odoo_provider_name = fields.Char(string="Provider name", compute="_compute_odoo_values")
    odoo_login_label = fields.Char(string="Login button label", compute="_compute_odoo_values")
    has_secret = fields.Boolean(compute="_compute_has_secret")
    active_authorization_count = fields.Integer(compute="_compute_active_authorization_count")
    event_count = fields.Integer(compute="_compute_event_count")

    @api.depends("client_identifier", "security_profile")
    def _compute_addresses(self):
        issuer = self.env["ir.config_parameter"].sudo().get_param("oauth2_provider.issuer") or ""
        for client in self:
            client.issuer = issuer
            client.authorization_endpoint = f"{issuer}/oauth2/authorize"
            client.token_endpoint = f"{issuer}/oauth2/token"
            # An address of its own: a stock Odoo never asks for whom a token was issued, so we do it here.
            own = f"/{client.client_identifier}" if client.security_profile == "odoo_login" else ""
            client.userinfo_endpoint = f"{issuer}/oauth2/userinfo{own}"

    @api.depends("company_id")
    def _compute_odoo_values(self):
        for client in self:
            company = (client.company_id or self.env.company).name
            client.odoo_scope = ODOO_SCOPE
            client.odoo_provider_name = company
            client.odoo_login_label = self.env._("Log in with %s", company)

    @api.depends("secret_ids")
    def _compute_has_secret(self):
        for client in self:
            client.has_secret = bool(client.secret_ids)

    def _compute_active_authorization_count(self):
        groups = self.env["oauth2.provider.authorization"]._read_group(
            [("client_id", "in", self.ids), ("state", "=", "active")], ["client_id"], ["__count"]
        )
        counts = {client.id: count for client, count in groups}
        for client in self:
            client.active_authorization_count = counts.get(client.id, 0)

    def _compute_event_count(self):
        groups = self.env["oauth2.provider.event"]._read_group(
            [("client_id", "in", self.ids)], ["client_id"], ["__count"]
        )
        counts = {client.id: count for client, count in groups}
        for client in self:
            client.event_count = counts.get(client.id, 0)

    def action_view_authorizations(self):
        """Open the authorizations of this application."""
        return self._open(
            "oauth2_provider.action_oauth2_authorization", {"search_default_active": 1}
        )

    def action_view_events(self):
        """Open the events of this application."""
        return self._open("oauth2_provider.action_oauth2_event", {})

    def action_connect_odoo(self):
        """Open the page with the values for the other Odoo."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect %s", self.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("oauth2_provider.view_client_connect_odoo").id, "form")],
        }

    def action_export_accounts(self):
        """Open the dialog that makes the file for the user import of the other Odoo."""
        self.ensure_one()
        export = self.env["oauth2.provider.account.export"].create({"client_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accounts for %s", self.name),
            "res_model": export._name,
            "res_id": export.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @check_identity
    def action_new_secret(self):
        """Create a secret and show it, this once."""
        self.ensure_one()
        self.check_access("write")
        secret = self.env["oauth2.provider.client.secret"]._generate(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New secret"),
            "res_model": "oauth2.provider.client.secret.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_secret": secret,
                "default_client_identifier": self.client_identifier,
                "dialog_size": "medium",
            },
        }

    def _open(self, action_xml_id, context):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(action_xml_id)
        action["domain"] = [("client_id", "=", self.id)]
        action["context"] = context
        return action
