"""Ending everything that was ever issued: what a restored backup needs, which has forgotten all revocations since."""

from odoo import api, models
from odoo.tools import SQL


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _revoke_everything(self):
        """End every authorization with its codes and tokens, every consent, and whatever waits to become one.

        Applications keep their secrets, and people their accounts: they log in and agree once more.

        :return: how many authorizations were alive
        """
        revoked = self.env["oauth2.provider.authorization"]._revoke_where(SQL("TRUE"), "everything")
        self.env.cr.execute("UPDATE oauth2_provider_client SET epoch = epoch + 1")
        for table in self._tables_that_become_tokens():
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        self.env.invalidate_all(flush=False)
        return revoked

    @api.model
    def _tables_that_become_tokens(self):
        """Whose rows are or become a permission without any authorization yet."""
        return [
            "oauth2_provider_consent",
            "oauth2_provider_authorization_request",
            "oauth2_provider_device_code",
        ]
