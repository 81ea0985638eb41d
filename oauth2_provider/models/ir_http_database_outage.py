"""Our pages when the database goes away in the middle of a request."""

from odoo import models
from odoo.http import request

from ..adapters.database_outage import DATABASE_GONE, is_for_us, unavailable_page


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """Odoo's own page of an error would ask the database; routes for machines have an answer of their own."""
        is_page = request.dispatcher.routing_type == "http"
        is_ours = is_for_us(request.httprequest.path)
        if is_page and is_ours and isinstance(exception, DATABASE_GONE):
            return unavailable_page(request)
        return super()._handle_error(exception)
