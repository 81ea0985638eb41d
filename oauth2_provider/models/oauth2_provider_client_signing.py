"""What this server signs for an application, and that the keys for it are published in time."""

from odoo import api, models

from ..protocol.security_profiles import SIGNED_FOR_CLIENT


class OAuth2ProviderClient(models.Model):
    _inherit = "oauth2.provider.client"

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        clients._publish_signing_keys()
        return clients

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {*SIGNED_FOR_CLIENT, "active"}:
            self._publish_signing_keys()
        return result

    def _publish_signing_keys(self):
        algorithms = {client[name] for client in self for name in SIGNED_FOR_CLIENT}
        self.env["oauth2.provider.signing.key"]._publish(algorithms - {False})

    @api.model
    def _signs_with(self, algorithm):
        """Whether anything is signed with the algorithm for any active application."""
        domain = ["|"] * (len(SIGNED_FOR_CLIENT) - 1) + [
            (name, "=", algorithm) for name in SIGNED_FOR_CLIENT
        ]
        return bool(self.sudo().search_count(domain, limit=1))
