"""Pushed authorization request endpoint."""

from odoo import http

from .routing import answer_json, api_route


class PushedAuthorizationRequestController(http.Controller):
    @api_route("/oauth2/par")
    def pushed_authorization_request(self):
        return answer_json("pushed_authorization_request")
