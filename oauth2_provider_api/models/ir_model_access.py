"""Access rights know of access tokens: some models are closed to them, by whichever way they are reached."""

from odoo import api, models

from ..adapters.admission import current_admission
from ..adapters.closed_models import is_closed


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @api.model
    def check(self, model, mode="read", raise_exception=True):
        if not self.env.su and current_admission() and is_closed(model, mode):
            if raise_exception:
                raise self._make_access_error(model, mode)
            return False
        return super().check(model, mode, raise_exception)
