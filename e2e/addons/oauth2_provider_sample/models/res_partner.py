"""Methods that say they read. The tests call them with a token that may do no more."""

from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    @api.readonly
    def sample_write(self, partner_id):
        self.sudo().browse(partner_id).name = "Written while reading"
        return True

    @api.model
    @api.readonly
    def sample_write_in_a_new_transaction(self, partner_id):
        self.env.cr.rollback()
        self.sudo().browse(partner_id).name = "Written while reading"
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return True
