"""The address to which a new password is sent is part of an account, wherever it is written; and so are the links that
let somebody choose one."""

from collections import defaultdict

from odoo import models
from odoo.exceptions import AccessError

from ..adapters.admission import closed_to_tokens, current_admission


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

    def _generate_signup_token(self, expiration=None):
        """As superuser too: a link to choose a password stays good when the token has ended, whoever reads it."""
        if current_admission():
            raise closed_to_tokens(self.env)
        return super()._generate_signup_token(expiration=expiration)

    def signup_get_auth_param(self):
        """Odoo puts these into links of the e-mails that it sends to contacts: they go without an invitation."""
        return defaultdict(dict) if current_admission() else super().signup_get_auth_param()
