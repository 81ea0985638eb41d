"""A mail that resets a password leads back to the authorization request that it was asked for in."""

from odoo import models
from odoo.http import request

from ..protocol.authorization_request.local_address import CONTINUE_PATH


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_signup_url_for_action(self, url=None, **kwargs):
        if url is None and request:
            pending = request.params.get("redirect") or ""
            if pending.startswith(f"{CONTINUE_PATH}?rid="):
                url = pending
        return super()._get_signup_url_for_action(url=url, **kwargs)
