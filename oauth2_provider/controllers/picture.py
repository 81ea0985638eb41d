"""The picture of a person, for whoever was told its address; applications show it without a session here."""

import re

from odoo import http
from odoo.http import request

_TOKEN = re.compile(r"[0-9a-f]{32}")


class PictureController(http.Controller):
    @http.route(
        "/oauth2/picture/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        oauth2=True,
    )
    def picture(self, token, **_parameters):
        users = request.env["res.users"].sudo()
        user = _TOKEN.fullmatch(token) and users.search(
            [("oauth2_picture_token", "=", token)], limit=1
        )
        if not user:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_image_stream_from(user.partner_id, "avatar_256")
        answer = stream.get_response(max_age=86400)
        # Initials come as SVG, which must stay a picture whoever opens it.
        answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
        return answer
