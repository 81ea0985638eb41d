from odoo import http
from odoo.http import request


class SampleController(http.Controller):
    @http.route(
        "/sample/contacts",
        type="http",
        auth="oauth2",
        oauth2_scope="contacts.read",
        methods=["GET"],
        cors="*",
        save_session=False,
    )
    def contacts(self):
        """Runs as the person of the token: the record rules decide what is found."""
        contacts = request.env["res.partner"].search([("user_id", "=", request.env.uid)])
        return request.make_json_response({"contacts": contacts.mapped("name")})

    @http.route(
        "/sample/bank/pay",
        type="json2",
        auth="oauth2",
        oauth2_resource="/sample/bank",
        oauth2_scope="bank.pay",
        oauth2_acr_values="mfa",
        oauth2_max_age=300,
        methods=["POST"],
        save_session=False,
    )
    def pay(self, amount):
        """For tokens of its own audience, and after a new login with a second factor."""
        application = request.oauth2_admission.client.name
        return {"paid": amount, "by": request.env.user.name, "through": application}
