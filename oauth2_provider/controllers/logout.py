"""End session endpoint and the pages of a logout."""

from odoo import SUPERUSER_ID, http
from odoo.addons.web.controllers.session import Session
from odoo.http import request

from ..adapters.odoo_http import to_redirect
from ..adapters.odoo_languages import first_installed
from ..adapters.odoo_sessions import session_hash
from ..protocol.frontchannel_logout import frontchannel_logout_address
from .pages import rendered
from .routing import PAGE_HEADERS, handle, page_route

# Seconds that the frames have at most before the browser goes on.
FRAMES_DEADLINE = 5
_LEFTOVER_KEY = "oauth2_logged_out"


class LogoutController(http.Controller):
    # A POST from another site comes without the session cookie; saving a session here would log the person out.
    @page_route("/oauth2/end_session", csrf=False, save_session=False)
    def end_session(self, **_parameters):
        return self._answer(handle("end_session"))

    @page_route("/oauth2/end_session/continue", csrf=False)
    def go_on(self, **_parameters):
        return self._answer(handle("end_session_continue"))

    @page_route("/oauth2/end_session/confirm", csrf=True)
    def confirm(self, **_parameters):
        return self._answer(handle("end_session_confirm"))

    @page_route("/oauth2/logged_out", csrf=False)
    def logged_out(self, **_parameters):
        """The way through the applications' frames after a logout in Odoo itself."""
        leftover = request.session.pop(_LEFTOVER_KEY, None)
        if leftover is None:
            return request.redirect("/")
        return logged_out_page(leftover["frames"], leftover["return_address"])

    def _answer(self, response):
        page = response.page
        if page is None:
            answer = to_redirect(response)
            answer.headers.update(PAGE_HEADERS)
            return answer
        if page.name == "logged_out":
            _speak_at_once(page.values["ui_locales"])
            return logged_out_page(page.values["frames"], page.values["return_address"])
        return rendered(response, dict(page.values))


class SessionController(Session):
    @http.route()
    def logout(self, redirect="/odoo"):
        """Odoo's own button leads through the frames of the applications that want to hear it in the browser."""
        frames = _frames_of_session()
        response = super().logout(redirect)
        if not frames:
            return response
        request.session[_LEFTOVER_KEY] = {
            "frames": frames,
            "return_address": response.headers["Location"],
        }
        return request.redirect("/oauth2/logged_out", 303)


def logged_out_page(frames, return_address):
    """Says that the person is logged out, has the frames loaded, then goes on.

    :param frames: addresses of applications
    :param return_address: where to go on, or None to stay
    """
    values = {"frames": frames, "return_address": return_address}
    answer = request.render("oauth2_provider.logged_out_page", values)
    answer.headers.update(PAGE_HEADERS)
    if frames:
        sources = " ".join(dict.fromkeys(_frame_source(address) for address in frames))
        policy = f"{PAGE_HEADERS['Content-Security-Policy']}; frame-src {sources}"
        answer.headers["Content-Security-Policy"] = policy
    if return_address:
        answer.headers["Refresh"] = f"{FRAMES_DEADLINE}; url={return_address}"
    return answer


def _frame_source(address):
    """The address as a content security policy names it: no query, and nothing that would end the directive."""
    return address.partition("?")[0].replace(";", "%3B").replace(",", "%2C")


def _frames_of_session():
    env = request.env(user=SUPERUSER_ID, su=True)
    try:
        server = env["oauth2.provider.server"]._authorization_server()
    except ValueError:
        return []
    own = session_hash()
    return [
        frontchannel_logout_address(server.settings, client, own)
        for client in server.ports.sessions.clients_of(own)
    ]


def _speak_at_once(ui_locales):
    """Nobody is logged in any more, so the page is in the language that the client wishes."""
    code = first_installed(ui_locales)
    if code is not None:
        request.update_context(lang=code)
