"""Requests with access tokens: on routes that take them beside API keys, and on those of ``auth="oauth2"``."""

import json

from odoo import SUPERUSER_ID, models
from odoo.addons.oauth2_provider.adapters.database_outage import COME_AGAIN, DATABASE_GONE
from odoo.exceptions import AccessDenied
from odoo.http import Response, is_cors_preflight, request
from werkzeug.exceptions import Unauthorized

from ..adapters.admission import (
    current_admission,
    is_guarded,
    is_refusal,
    load_admission,
    refusal,
    shows_token,
)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        """The verdict comes first: in here failures of the database reach Odoo, which repeats the request; from an
        authentication method they would not."""
        routing = endpoint.routing
        request.oauth2_admission = None
        request.oauth2_routing = routing if is_guarded(routing) else None
        if request.oauth2_routing and not is_cors_preflight(request, endpoint):
            is_ours_alone = routing["auth"] == "oauth2"
            if is_ours_alone or shows_token():
                stranger = load_admission(routing)
                if stranger and is_ours_alone:
                    raise refusal(stranger.response)
        return super()._authenticate(endpoint)

    @classmethod
    def _auth_method_oauth2(cls):
        """For routes of other add-ons: see docs/how-to/protect-a-route.md."""
        if current_admission() is None:
            raise AccessDenied()
        cls._act_by_token()

    @classmethod
    def _auth_method_bearer(cls):
        if current_admission():
            return cls._act_by_token()
        if not request.oauth2_routing:
            return super()._auth_method_bearer()
        try:
            return super()._auth_method_bearer()
        except Unauthorized as error:
            # Nobody knows who this is. Say so as RFC 6750 §3 and RFC 9728 §5.1 have it.
            stranger = load_admission(request.oauth2_routing)
            if stranger.error.code == "invalid_token":
                raise refusal(stranger.response) from error
            raise

    @classmethod
    def _act_by_token(cls):
        """The rest of the request is the user's, with their rights and without any trace in a browser's session."""
        user_id = current_admission().token.authorization.user.id
        if user_id == SUPERUSER_ID or request.session.uid not in (None, user_id):
            raise AccessDenied()
        request.session.can_save = False
        # A password that was entered in a browser says nothing about who holds the token.
        request.session.pop("identity-check-last", None)
        request.update_env(user=user_id)
        context = request.env["res.users"].context_get()
        request.update_context(**context)
        cls._auth_method_user()

    @classmethod
    def _handle_error(cls, exception):
        if is_refusal(exception):
            return exception.response
        if not getattr(request, "oauth2_routing", None) or not shows_token():
            return super()._handle_error(exception)
        if isinstance(exception, DATABASE_GONE):
            return refusal(COME_AGAIN).response
        response = super()._handle_error(exception)
        if isinstance(response, Response):
            _remove_traceback(response)
        return response


def _remove_traceback(response):
    """JSON-2 explains every failure with a traceback; applications of others need not know that much."""
    if response.mimetype != "application/json":
        return
    members = json.loads(response.get_data())
    if isinstance(members, dict) and members.get("debug"):
        response.set_data(json.dumps(members | {"debug": ""}))
