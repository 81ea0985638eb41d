"""The address to which a new password is sent is part of an account, wherever it is written."""

from odoo import models

from ..adapters.admission import current_admission


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name == "email"
            and not self.env.su
            and current_admission()
        ):
            accounts = self.sudo().with_context(active_test=False).user_ids
            if accounts:
                return False
        return super()._has_field_access(field, operation)
