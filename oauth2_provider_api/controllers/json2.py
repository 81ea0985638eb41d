"""Access tokens on Odoo's JSON-2 routes, beside its API keys."""

import psycopg2.errors
from odoo import http
from odoo.addons.oauth2_provider.adapters.database_outage import answer_for
from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.http import request

from ..adapters.admission import (
    closed_to_tokens,
    current_admission,
    record_closed_use,
    refuse_beyond_scope,
    shows_token,
)
from ..adapters.closed_models import is_open_to_call
from ..adapters.read_only import make_read_only
from ..models.oauth2_provider_server import JSON2, READ, WRITE

# They read as well, though Odoo does not say so of them.
READING_METHODS = frozenset({"context_get", "default_get", "fields_get", "has_access"})

answer_for(r"/json/2/", shows_token)


class Json2Controller(WebJson2Controller):
    def _runs_on_replica(self, rule, args):
        """Never by an access token: revocations count at once, and a replica hears of them late."""
        return not shows_token() and self._web_json_2_rpc_readonly(rule, args)

    @http.route(
        readonly=_runs_on_replica, oauth2_resource=JSON2, oauth2_any_scope=f"{READ} {WRITE}"
    )
    def web_json_2_rpc(self, __model__, __method__, **kwargs):
        admission = current_admission()
        if admission is None:
            return super().web_json_2_rpc(__model__, __method__, **kwargs)
        is_reading = self._is_reading(__model__, __method__)
        is_known = __model__ in request.env
        if is_known and not is_open_to_call(__model__, __method__, is_reading=is_reading):
            record_closed_use(request.oauth2_routing, f"closed to applications: {__model__}")
            raise closed_to_tokens(request.env)
        if WRITE in admission.scope:
            return super().web_json_2_rpc(__model__, __method__, **kwargs)
        if not is_reading:
            raise refuse_beyond_scope(request.oauth2_routing, WRITE)
        make_read_only(request.env.cr)
        try:
            result = super().web_json_2_rpc(__model__, __method__, **kwargs)
            request.env.flush_all()
        except psycopg2.errors.ReadOnlySqlTransaction as error:
            request.env.cr.rollback()
            raise refuse_beyond_scope(request.oauth2_routing, WRITE) from error
        return result

    def _is_reading(self, model, method):
        args = {"__model__": model, "__method__": method}
        return method in READING_METHODS or self._web_json_2_rpc_readonly(None, args)
