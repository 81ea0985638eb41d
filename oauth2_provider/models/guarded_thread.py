"""The history of a record, without the way in that Odoo's comes with."""

from odoo import api, models
from odoo.exceptions import AccessError


class OAuth2ProviderGuardedThread(models.AbstractModel):
    """For records that decide who is believed: nobody makes or changes them by an e-mail.

    Odoo's gateway is a public method, so that any internal user can call it, and it goes on as superuser with whatever
    values its caller names.
    """

    _name = "oauth2.provider.guarded.thread"
    _inherit = "mail.thread"
    _description = "OAuth 2 Guarded Thread"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        self._refuse_email()

    def message_update(self, msg_dict, update_vals=None):
        self._refuse_email()

    def _refuse_email(self):
        raise AccessError(self.env._("This is not changed by e-mail."))
