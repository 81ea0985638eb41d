"""The address to which a new password is sent is part of an account, wherever it is written."""

from odoo import models
from odoo.exceptions import AccessError

from ..adapters.admission import current_admission


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """As superuser too: what people may write of themselves, and methods of other add-ons, lead here so."""
        if "email" in vals and current_admission():
            for partner in self.sudo().with_context(active_test=False):
                if partner.user_ids and (partner.email or "") != (vals["email"] or ""):
                    raise AccessError(
                        self.env._("This of an account is closed to applications: %s", "email")
                    )
        return super().write(vals)
