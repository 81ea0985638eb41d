"""The resources of this server, and where they tell of themselves."""

from dataclasses import replace

from odoo import api, models
from odoo.addons.oauth2_provider.protocol.endpoints.protected_resource_metadata import (
    PROTECTED_RESOURCE_METADATA,
)
from odoo.addons.oauth2_provider.protocol.entities.resource import Resource

JSON2 = "/json/2"
READ = "odoo.read"
WRITE = "odoo.write"


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _parts(self):
        parts = super()._parts()
        metadata = {"protected_resource_metadata": PROTECTED_RESOURCE_METADATA}
        return replace(parts, endpoints={**parts.endpoints, **metadata})

    @api.model
    def _setting_options(self):
        options = super()._setting_options()
        resources = tuple(
            Resource(options["issuer"] + path, scope=frozenset(scope))
            for path, scope in self._own_resources().items()
        )
        return options | {"own_resources": resources}

    @api.model
    def _own_resources(self):
        """The paths that take tokens of an audience of their own, each with the scopes that mean something there.

        An add-on adds the ``oauth2_resource`` of its routes.
        """
        return {JSON2: (READ, WRITE)}
