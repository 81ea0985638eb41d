"""By an access token nobody changes who somebody is: accounts keep their names, addresses, passwords and rights."""

from odoo import models
from odoo.exceptions import AccessError

from ..adapters.admission import current_admission

# A new password is sent there.
IDENTITY_PREFERENCES = frozenset({"email"})


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        # Odoo goes on as superuser when people write their own preferences, so this comes before.
        if not self.env.su and current_admission():
            allowed = set(self.SELF_WRITEABLE_FIELDS) - IDENTITY_PREFERENCES
            refused = sorted(vals.keys() - allowed)
            if refused:
                raise AccessError(
                    self.env._(
                        "Applications cannot change this of an account: %s", ", ".join(refused)
                    )
                )
        return super().write(vals)

    def _set_encrypted_password(self, uid, pw):
        if current_admission():
            raise AccessError(self.env._("Applications cannot change a password."))
        return super()._set_encrypted_password(uid, pw)
