"""The claims of an application, and those that well-known products look for."""

from odoo import api, fields, models


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    claim_ids = fields.One2many("oauth2.provider.claim", "client_id", string="Claims")
    # Asked with each token, so that nobody else's token pays for them.
    has_own_claims = fields.Boolean(compute="_compute_has_own_claims", store=True)

    @api.depends("claim_ids")
    def _compute_has_own_claims(self):
        for client in self:
            client.has_own_claims = bool(client.claim_ids)

    def action_add_groups_claim(self):
        """A list of groups under the name that Grafana, GitLab and Nextcloud look for unless told otherwise."""
        return self._add_claim("groups")

    def action_add_realm_roles_claim(self):
        """A list of roles where programs look for it that were written for Keycloak's realms."""
        return self._add_claim("realm_access.roles")

    def action_add_client_roles_claim(self):
        """The same, for programs that look for roles of their own."""
        self.ensure_one()
        own = self.client_identifier.replace(".", "\\.")
        return self._add_claim(f"resource_access.{own}.roles")

    def _add_claim(self, name):
        self.ensure_one()
        self.check_access("write")
        claim = self.claim_ids.filtered(lambda claim: claim.name == name)
        if not claim:
            claim = self.env["oauth2.provider.claim"].create({"client_id": self.id, "name": name})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim of %s", self.name),
            "res_model": claim._name,
            "res_id": claim.id,
            "views": [(False, "form")],
            "target": "new",
        }
