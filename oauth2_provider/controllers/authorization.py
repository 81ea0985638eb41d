"""Authorization endpoint and the pages that its end-user sees."""

from odoo import http
from odoo.exceptions import AccessDenied
from odoo.http import request

from ..adapters.odoo_http import to_redirect
from ..adapters.odoo_languages import speak
from ..adapters.odoo_sessions import log_in_again, sign_up_address
from ..protocol.authorization_request.local_address import address_to_go_on
from .form_post import form_post_page
from .pages import PersonPages, account_values, request_for_consent_values
from .routing import PAGE_HEADERS, UNAVAILABLE, find_server, handle, page_route


class AuthorizationController(PersonPages, http.Controller):
    # A POST from another site comes without the session cookie; saving a session here would log the person out.
    @page_route("/oauth2/authorize", csrf=False, save_session=False)
    def authorize(self, **_parameters):
        return self._answer(handle("authorization"))

    @page_route("/oauth2/authorize/continue", csrf=False)
    def go_on(self, **_parameters):
        return self._answer(handle("continue"))

    @page_route("/oauth2/authorize/consent", csrf=True)
    def consent(self, **_parameters):
        return self._answer(handle("consent"))

    @page_route("/oauth2/authorize/account", csrf=True)
    def account(self, **_parameters):
        return self._answer(handle("account"))

    @page_route("/oauth2/authorize/reauthenticate", csrf=True)
    def reauthenticate(self, **_parameters):
        """Take the password of a person who must log in again, and lead back to where it was asked for, or on to the
        page for the second factor. Whether the new login is enough, the protocol decides there."""
        server = find_server()
        if server is None:
            return self._answer(UNAVAILABLE)
        form = request.httprequest.form
        address = address_to_go_on(server.settings, form)
        if request.httprequest.method == "POST":
            try:
                address = log_in_again(form.get("login"), form.get("password"), address)
            except AccessDenied:
                address += "&wrong=1"
        return request.redirect(address)

    def _answer(self, response):
        page = response.page
        if page is None:
            answer = to_redirect(response)
        elif page.name == "create_account":
            address = sign_up_address(page.values["continue_address"])
            answer = speak(page.values["ui_locales"], request.redirect(address))
        elif page.name == "form_post":
            return form_post_page(response)
        else:
            return self._answer_page(response)
        answer.headers.update(PAGE_HEADERS)
        return answer

    def _consent_values(self, values):
        return {
            **request_for_consent_values(values),
            "rid": values["rid"],
            "shown": values["shown"],
            "client_uri": values["client"].client_uri,
            "redirect_host": values["redirect_host"],
        }

    def _select_account_values(self, values):
        return {
            "rid": values["rid"],
            "client_name": values["client"].name,
            **account_values(values),
        }

    def _start_again_values(self, values):
        return dict(values)
