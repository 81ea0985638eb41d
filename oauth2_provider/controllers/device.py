"""Devices without a browser: where they ask, and the pages at which their person lets them in."""

from base64 import b64encode

from odoo import http
from odoo.http import request
from reportlab.graphics.barcode import createBarcodeDrawing

from ..adapters.odoo_languages import speak
from ..adapters.odoo_sessions import login_address, unlock_address
from .pages import reauthentication_values, rendered, request_for_consent_values
from .routing import PAGE_HEADERS, answer_json, api_route, handle, page_route
from .step_up import step_up_values

_QR_SIZE = 180


class DeviceController(http.Controller):
    @api_route("/oauth2/device_authorization")
    def device_authorization(self):
        return answer_json("device_authorization")

    @page_route("/oauth2/device", csrf=True)
    def device(self, **_parameters):
        return self._answer(handle("device_verification"))

    @page_route("/oauth2/device/decision", csrf=True)
    def decision(self, **_parameters):
        return self._answer(handle("device_decision"))

    def _answer(self, response):
        page = response.page
        if page.name == "login":
            address = login_address(page.values["continue_address"])
            answer = speak(page.values["ui_locales"], request.redirect(address))
        elif page.name == "unlock":
            answer = request.redirect(unlock_address(page.values["continue_address"]))
        else:
            return rendered(response, getattr(self, f"_{page.name}_values")(page.values))
        answer.headers.update(PAGE_HEADERS)
        return answer

    def _error_values(self, values):
        return dict(values)

    def _device_code_values(self, values):
        return {**values, "qr_code": _qr_code(values["address"])}

    def _device_confirmation_values(self, values):
        return {
            **request_for_consent_values(values),
            "user_code": values["user_code"],
            "client_host": values["client_host"],
        }

    def _step_up_values(self, values):
        return step_up_values(values)

    def _factor_missing_values(self, values):
        return step_up_values(values)

    def _reauthenticate_values(self, values):
        return reauthentication_values(values)

    def _device_done_values(self, values):
        return {"is_allowed": values["is_allowed"], "client_name": values["client"].name}


def _qr_code(address):
    """The address as a picture inside the page, for people who want to go on with their phone.

    An SVG needs none of the drawing programs that not every version of reportlab brings.
    """
    drawing = createBarcodeDrawing("QR", value=address, width=_QR_SIZE, height=_QR_SIZE)
    picture = drawing.asString("svg")
    return "data:image/svg+xml;base64," + b64encode(picture.encode()).decode()
