"""Devices without a browser: where they ask, and the pages at which their person lets them in."""

from base64 import b64encode

from odoo import http
from reportlab.graphics.barcode import createBarcodeDrawing

from .pages import PersonPages, request_for_consent_values
from .routing import answer_json, api_route, handle, page_route

_QR_SIZE = 180


class DeviceController(PersonPages, http.Controller):
    @api_route("/oauth2/device_authorization")
    def device_authorization(self):
        return answer_json("device_authorization")

    @page_route("/oauth2/device", csrf=True)
    def device(self, **_parameters):
        return self._answer_page(handle("device_verification"))

    @page_route("/oauth2/device/decision", csrf=True)
    def decision(self, **_parameters):
        return self._answer_page(handle("device_decision"))

    def _device_code_values(self, values):
        return {**values, "qr_code": _qr_code(values["address"])}

    def _device_confirmation_values(self, values):
        return {
            **request_for_consent_values(values),
            "user_code": values["user_code"],
            "client_host": values["client_host"],
        }

    def _device_done_values(self, values):
        return {"is_allowed": values["is_allowed"], "client_name": values["client"].name}


def _qr_code(address):
    """The address as a picture inside the page, for people who want to go on with their phone.

    An SVG needs none of the drawing programs that not every version of reportlab brings.
    """
    drawing = createBarcodeDrawing("QR", value=address, width=_QR_SIZE, height=_QR_SIZE)
    picture = drawing.asString("svg")
    return "data:image/svg+xml;base64," + b64encode(picture.encode()).decode()
