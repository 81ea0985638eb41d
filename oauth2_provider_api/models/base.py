"""By an access token nobody writes HTML that Odoo does not clean: it would be a script in the pages of others."""

from odoo import models

from ..adapters.admission import current_admission


class Base(models.AbstractModel):
    _inherit = "base"

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.type == "html"
            and not field.sanitize
            and not self.env.su
            and current_admission()
        ):
            return False
        return super()._has_field_access(field, operation)
