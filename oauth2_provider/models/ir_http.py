"""Where Odoo says that a browser's session has ended, or that it goes by another id."""

from urllib.parse import urlsplit

from odoo import SUPERUSER_ID, models
from odoo.http import request

from ..issuer_address import ISSUER_PARAMETER
from ..protocol.session_management import BROWSER_STATE_COOKIE


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _post_logout(cls):
        """By whatever way: the button, the lock of the screen, a session that is found to be over."""
        result = super()._post_logout()
        env = request.env(user=SUPERUSER_ID, su=True)
        env["oauth2.provider.session.client"]._end_of_browser()
        if BROWSER_STATE_COOKIE in request.httprequest.cookies:
            issuer = env["ir.config_parameter"].get_param(ISSUER_PARAMETER) or ""
            request.future_response.set_cookie(
                BROWSER_STATE_COOKIE, max_age=0, path=urlsplit(issuer).path or "/"
            )
        return result

    @classmethod
    def _post_dispatch(cls, response):
        result = super()._post_dispatch(response)
        moved_session = getattr(request, "oauth2_moved_session", None)
        if moved_session:
            # The new id exists only now.
            request.env["oauth2.provider.session.client"].sudo()._move(moved_session)
        return result
