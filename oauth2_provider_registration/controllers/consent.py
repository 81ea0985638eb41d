"""What the consent page says about an application that registered itself."""

from odoo.addons.oauth2_provider.controllers.authorization import AuthorizationController
from odoo.addons.oauth2_provider.protocol.web_address import LOOPBACK_HOSTS, host_of
from odoo.http import request


def is_loopback(redirect_host):
    """Whether what the page shows as the receiver is the computer that the person sits at."""
    return not redirect_host.endswith(":") and host_of(f"http://{redirect_host}") in LOOPBACK_HOSTS


class RegisteredConsentController(AuthorizationController):
    def _consent_values(self, values):
        client = request.env["oauth2.provider.client"].sudo().browse(values["client"].id)
        is_unverified = bool(client.registered_at) and not client.is_verified
        return {
            **super()._consent_values(values),
            "is_unverified": is_unverified,
            "document_host": client.document_host,
            "is_on_own_computer": is_unverified and is_loopback(values["redirect_host"]),
            "logo": client.logo and client.logo.decode(),
        }
