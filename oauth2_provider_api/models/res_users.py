"""By an access token nobody changes who somebody is: accounts keep their names, addresses, passwords and rights."""

from odoo import api, models
from odoo.exceptions import AccessError

from ..adapters.admission import closed_to_tokens, current_admission
from ..adapters.closed_models import is_closed

# A new password is sent there.
IDENTITY_PREFERENCES = frozenset({"email", "login"})
# Nor does code that goes on as superuser change these.
ACCOUNT = frozenset({"active", "group_ids", "login", "new_password", "partner_id", "password"})


class ResUsers(models.Model):
    _inherit = "res.users"

    # People read and write what is theirs as superuser, Odoo sees to that itself. So these come before.

    def read(self, fields=None, load="_classic_read"):
        if self._asks_by_token():
            self._refuse(name for name in fields or () if self._leads_to_closed(name))
        return super().read(fields=fields, load=load)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        fields = super().fields_get(allfields, attributes)
        if not self._asks_by_token():
            return fields
        return {name: field for name, field in fields.items() if not self._leads_to_closed(name)}

    def write(self, vals):
        if self._asks_by_token():
            allowed = set(self.SELF_WRITEABLE_FIELDS) - IDENTITY_PREFERENCES
            self._refuse(
                name for name in vals if name not in allowed or self._leads_to_closed(name)
            )
        elif current_admission():
            self._refuse(ACCOUNT & vals.keys())
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if current_admission():
            raise closed_to_tokens(self.env)
        return super().create(vals_list)

    def has_group(self, group_ext_id):
        """By a token nobody is trusted with HTML that Odoo would clean for others."""
        if group_ext_id == "base.group_sanitize_override" and current_admission():
            return False
        return super().has_group(group_ext_id)

    def _has_field_access(self, field, operation):
        if self._asks_by_token() and self._leads_to_closed(field.name):
            return False
        return super()._has_field_access(field, operation)

    def _set_encrypted_password(self, uid, pw):
        if current_admission():
            raise AccessError(self.env._("Applications cannot change a password."))
        return super()._set_encrypted_password(uid, pw)

    def _asks_by_token(self):
        return not self.env.su and current_admission()

    def _leads_to_closed(self, name):
        """To records of a closed model, or to what the provider keeps of an account."""
        field = self._fields.get(name)
        if field is None:
            return False
        is_own = name.startswith("oauth2_")
        return is_own or (field.relational and is_closed(field.comodel_name, "read"))

    def _refuse(self, names):
        refused = sorted(names)
        if refused:
            raise AccessError(
                self.env._("This of an account is closed to applications: %s", ", ".join(refused))
            )
