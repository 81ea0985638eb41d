"""Where a person logs in with this account, and how to end that."""

from odoo import http
from odoo.http import request

from .pages import NO_FRAMES, portal_route

ADDRESS = "/my/applications"


class ConnectedApplications(http.Controller):
    @portal_route(ADDRESS, methods=["GET"])
    def applications(self, **_parameters):
        # Names of applications are not for everybody's eyes, but whoever agreed to one was shown its name.
        consents = self._own_consents().sudo()
        values = {
            "page_name": "oauth2_applications",
            "applications": [
                {
                    "id": consent.id,
                    "name": consent.client_id.name,
                    "scope_description": consent.scope_description,
                    "granted_at": consent.granted_at,
                    "start_address": consent.start_address,
                }
                for consent in consents
            ],
        }
        return request.render("oauth2_provider_portal.applications_page", values, headers=NO_FRAMES)

    @portal_route(f"{ADDRESS}/revoke", methods=["POST"])
    def revoke(self, **_parameters):
        """End one connection; one that is gone or somebody else's changes nothing."""
        chosen = request.httprequest.form.get("consent", "")
        own = self._own_consents().filtered(lambda consent: str(consent.id) == chosen)
        own.action_revoke()
        return request.redirect(ADDRESS)

    def _own_consents(self):
        # An administrator may read everybody's, so the record rules alone are not enough here.
        return request.env["oauth2.provider.consent"].search([("user_id", "=", request.env.uid)])
