"""Odoo's gateway of e-mails goes on as superuser, with whatever values its caller names: closed to access tokens."""

from odoo import api, models

from ..adapters.admission import closed_to_tokens, current_admission


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, *args, **kwargs):
        self._refuse_tokens()
        return super().message_process(*args, **kwargs)

    @api.model
    def message_route(self, *args, **kwargs):
        self._refuse_tokens()
        return super().message_route(*args, **kwargs)

    def _refuse_tokens(self):
        if current_admission():
            raise closed_to_tokens(self.env)
