"""Refuses forms of our pages that another site sends."""

from odoo import models
from odoo.http import request
from werkzeug.exceptions import Forbidden

from ..issuer_address import ISSUER_PARAMETER
from ..protocol.own_forms import is_sent_by_another_site


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        routing, httprequest = rule.endpoint.routing, request.httprequest
        if routing.get("oauth2") and routing.get("csrf") and httprequest.method == "POST":
            issuer = request.env["ir.config_parameter"].sudo().get_param(ISSUER_PARAMETER) or ""
            if is_sent_by_another_site(httprequest.headers, host=httprequest.host, issuer=issuer):
                raise Forbidden(request.env._("This form was sent by a page of another site."))
        return result
