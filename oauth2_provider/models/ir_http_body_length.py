"""Refuses bodies of unknown length at our routes."""

from odoo import models
from odoo.http import request
from werkzeug.exceptions import LengthRequired


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if (
            rule.endpoint.routing.get("oauth2")
            and "Transfer-Encoding" in request.httprequest.headers
        ):
            # Odoo limits the length that a request announces. One that comes in pieces announces none, and a piece that
            # claims to be of 4 GB is read as 4 GB, even where the sender has gone.
            error = LengthRequired()
            if request.dispatcher.routing_type == "http":
                # Odoo's page for an error would read the body.
                error.error_response = error.get_response()
            raise error
        return result
