"""The button that ends everything."""

from odoo import models
from odoo.exceptions import AccessError


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_oauth2_revoke_everything(self):
        """End all that was issued to any application, and say how much it was."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only a system administrator ends everything."))
        revoked = self.env["oauth2.provider.server"].sudo()._revoke_everything()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Connections ended: %s", revoked),
            },
        }
