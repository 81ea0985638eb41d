"""What follows when an application is created, changed, archived or deleted: events, revocations."""

from odoo import api, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tools import SQL

# Children record their own changes, with more detail; the rest does not concern the protocol.
_UNRECORDED_FIELDS = {"redirect_uri_ids", "request_uri_ids", "secret_ids"}


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_issuer_confirmed()
        clients = super().create(vals_list)
        for client in clients:
            client._record_change(self.env._("Application created"))
        return clients

    def write(self, vals):
        if "client_identifier" in vals and any(
            client.client_identifier != vals["client_identifier"] for client in self
        ):
            raise UserError(self.env._("The client ID of an application never changes."))
        result = super().write(vals)
        changed = sorted(
            name
            for name in vals
            if name not in _UNRECORDED_FIELDS and not name.startswith(("message_", "activity_"))
        )
        if changed:
            for client in self:
                client._record_change(self.env._("Changed: %s", ", ".join(changed)))
        if vals.get("active") is False:
            self._revoke_authorizations("archived")
        return result

    def unlink(self):
        for client in self:
            client._record_change(self.env._("Application deleted: %s", client.name))
        return super().unlink()

    def action_revoke_authorizations(self):
        """End every living authorization of these applications; their tokens die at once."""
        self.check_access("write")
        self._revoke_authorizations("administrator")
        return True

    def _revoke_authorizations(self, reason):
        if self:
            self._begin_epoch()
            self.env["oauth2.provider.authorization"].sudo()._revoke_where(
                SQL("authz.client_id IN %s", tuple(self.ids)), reason
            )

    @api.model
    def _check_issuer_confirmed(self):
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("oauth2_provider.issuer_confirmed") == "1":
            return
        message = self.env._(
            "Before the first application, please confirm the address of this Odoo: every application "
            "will know it by this address. Settings ▸ OAuth 2 shows what to confirm."
        )
        if self.env.user.has_group("base.group_system"):
            action = self.env.ref("oauth2_provider.action_oauth2_settings")
            raise RedirectWarning(message, action.id, self.env._("Go to the settings"))
        raise ValidationError(
            message + "\n" + self.env._("Only a system administrator can do this.")
        )

    def _record_change(self, detail):
        """Tell the audit trail that these applications changed."""
        for client in self:
            self.env["oauth2.provider.event"]._record(
                "client_changed", client=client, detail=detail
            )
