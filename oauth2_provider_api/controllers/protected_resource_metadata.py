"""What the resources of this server say of themselves (RFC 9728)."""

from odoo import http
from odoo.addons.oauth2_provider.adapters.database_outage import answer_for
from odoo.addons.oauth2_provider.controllers.routing import answer_json, api_route

answer_for(r".*/\.well-known/oauth-protected-resource")


class ProtectedResourceMetadataController(http.Controller):
    @api_route(
        [
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/<path:resource_path>",
        ]
    )
    def protected_resource_metadata(self, resource_path=None):
        """The protocol reads the path from the request itself."""
        return answer_json("protected_resource_metadata")
