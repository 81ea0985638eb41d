"""What every request to an Odoo pays: routes for nobody in particular that answer an empty JSON object."""

from odoo import http
from odoo.http import request


class EmptyController(http.Controller):
    @http.route("/oauth2_provider_bench/json", type="jsonrpc", auth="none", save_session=False)
    def json(self):
        return {}

    # readonly is True by itself for auth="none"; without a session to save it is the cheapest that Odoo has.
    @http.route("/oauth2_provider_bench/cheapest", type="http", auth="none", save_session=False)
    def cheapest(self):
        return request.make_json_response({})
