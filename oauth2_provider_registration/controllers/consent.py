"""What the consent page says about an application that registered itself."""

from odoo.addons.oauth2_provider.controllers.authorization import AuthorizationController
from odoo.http import request


class RegisteredConsentController(AuthorizationController):
    def _consent_values(self, values):
        client = request.env["oauth2.provider.client"].sudo().browse(values["client"].id)
        return {
            **super()._consent_values(values),
            "is_unverified": bool(client.registered_at) and not client.is_verified,
            "logo": client.logo and client.logo.decode(),
        }
