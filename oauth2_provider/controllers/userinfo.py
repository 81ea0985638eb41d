"""UserInfo and tokeninfo."""

from odoo import http

from .routing import answer_json, api_route


class UserInfoController(http.Controller):
    @api_route("/oauth2/userinfo")
    def userinfo(self):
        return answer_json("userinfo")

    @api_route("/oauth2/userinfo/<string:client_identifier>")
    def client_userinfo(self, client_identifier):
        return answer_json("client_userinfo", client_identifier=client_identifier)

    @api_route("/oauth2/tokeninfo")
    def tokeninfo(self):
        return answer_json("tokeninfo")
