"""What every request to an Odoo pays: a route for nobody in particular that answers an empty JSON object."""

from odoo import http
from odoo.http import request


class EmptyController(http.Controller):
    # readonly is True by itself for auth="none"; without a session to save it is the cheapest that Odoo has.
    @http.route("/oauth2_provider_bench/empty", type="http", auth="none", save_session=False)
    def empty(self):
        return request.make_json_response({})
