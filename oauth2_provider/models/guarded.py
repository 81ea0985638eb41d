"""Guards that Odoo leaves to its screens, for records whose values say who somebody is or what an application may.

Over RPC ``readonly`` means nothing, defaults come from the context and from what people saved, and record rules are
asked before a change only. Here what is readonly is written by the server alone, its defaults are the server's own, and
nobody changes a record into one that they could not have changed.
"""

from odoo import api, models
from odoo.models import MAGIC_COLUMNS


class OAuth2ProviderGuardedFields(models.AbstractModel):
    _name = "oauth2.provider.guarded.fields"
    _description = "OAuth 2 Guarded Fields"

    @api.model
    def _is_guarded(self, field):
        """Whether the current user may not write the field, except through the server's own code (sudo)."""
        return field.readonly and field.name not in MAGIC_COLUMNS

    @api.model
    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su and self._is_guarded(field):
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def default_get(self, fields):
        """Also as superuser: Odoo itself goes on as such with the context of whoever called."""
        guarded = [name for name in fields if name in self._fields]
        guarded = [name for name in guarded if self._is_guarded(self._fields[name])]
        defaults = super().default_get([name for name in fields if name not in guarded])
        for name in guarded:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults


class OAuth2ProviderGuarded(models.AbstractModel):
    _name = "oauth2.provider.guarded"
    _description = "OAuth 2 Guarded Record"
    _inherit = ["oauth2.provider.guarded.fields"]

    def write(self, vals):
        result = super().write(vals)
        self.check_access("write")
        return result
