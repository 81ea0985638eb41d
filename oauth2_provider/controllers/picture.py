"""The picture of a person, for whoever was told its address; applications show it without a session here."""

from odoo import http
from odoo.http import request


class PictureController(http.Controller):
    @http.route("/oauth2/picture/<string:token>", type="http", auth="public", save_session=False)
    def picture(self, token):
        user = (
            request.env["res.users"].sudo().search([("oauth2_picture_token", "=", token)], limit=1)
        )
        if not user:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(user.partner_id, "avatar_256")
        answer = stream.get_response(max_age=86400)
        # Initials come as SVG, which must stay a picture whoever opens it.
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        return answer
