"""By an access token nobody changes a file that has an address of its own: scripts of every page are such files."""

from odoo import api, models

from ..adapters.admission import closed_to_tokens, current_admission


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        self._check_served_by_token()
        result = super().write(vals)
        self._check_served_by_token()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._check_served_by_token()
        return attachments

    def _check_served_by_token(self):
        if self.env.su or not current_admission():
            return
        if any(file.url and file.type == "binary" for file in self.sudo()):
            raise closed_to_tokens(self.env)
