"""By an access token nobody makes a key that outlives it."""

from odoo import models
from odoo.exceptions import AccessError

from ..adapters.admission import current_admission


class ResUsersApikeys(models.Model):
    _inherit = "res.users.apikeys"

    def _generate(self, scope, name, expiration_date):
        if current_admission():
            raise AccessError(self.env._("Applications cannot make a key."))
        return super()._generate(scope, name, expiration_date)
