"""Proving a further factor for an application that needs one, without logging out."""

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request

from ..adapters.odoo_factors import CODE, PASSKEY, prove, send_code
from ..adapters.odoo_http import to_redirect
from ..adapters.odoo_sessions import is_open
from ..protocol.authorization_request.local_address import address_to_go_on
from ..protocol.messages import Response
from .routing import UNAVAILABLE, find_server, page_route


class StepUpController(http.Controller):
    @page_route("/oauth2/authorize/step_up", csrf=True)
    def step_up(self, **_parameters):
        """Take a code or a passkey's answer, or mail a code, and lead back to where it was asked for. Whether the
        proof is enough, the protocol decides there."""
        server = find_server()
        if server is None:
            return request.make_json_response(dict(UNAVAILABLE.json), status=UNAVAILABLE.status)
        form = request.httprequest.form
        address = address_to_go_on(server.settings, form)
        # Behind a screen lock, or without a session, it is said there what comes first.
        if request.httprequest.method == "POST" and is_open():
            address += _outcome(form)
        return to_redirect(Response.redirect(address))


def _outcome(form):
    user = request.env.user
    try:
        if form.get("send"):
            send_code(user)
            return "&sent=1"
        if form.get("webauthn_response"):
            prove(user, PASSKEY, form["webauthn_response"])
        else:
            prove(user, CODE, form.get("code", ""))
    except AccessDenied:
        return "&wrong=1"
    except UserError:
        return "&unsent=1"
    return ""
