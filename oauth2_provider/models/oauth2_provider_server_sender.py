"""Which keys of senders this database looks at: DPoP proofs, and client certificates that a proxy tells of."""

import logging

from odoo import api, models, tools

from ..adapters.client_certificates import TrustedProxies

DPOP_PARAMETER = "oauth2_provider.dpop"
DPOP_NONCES_PARAMETER = "oauth2_provider.dpop_nonces"
TRUSTED_PROXIES_PARAMETER = "oauth2_provider.mtls_trusted_proxies"
CERTIFICATE_HEADER_PARAMETER = "oauth2_provider.mtls_certificate_header"
VERIFY_HEADER_PARAMETER = "oauth2_provider.mtls_verify_header"
MTLS_ADDRESS_PARAMETER = "oauth2_provider.mtls_address"
_logger = logging.getLogger(__name__)


class OAuth2ProviderServer(models.AbstractModel):
    _inherit = "oauth2.provider.server"

    @api.model
    def _setting_options(self):
        return super()._setting_options() | {
            "dpop": self._parameter(DPOP_PARAMETER) != "0",
            "dpop_nonces": self._parameter(DPOP_NONCES_PARAMETER) == "1",
            "mtls": bool(self._trusted_proxies().networks),
            "mtls_address": self._parameter(MTLS_ADDRESS_PARAMETER) or None,
        }

    @api.model
    def _client_certificate(self, environ):
        """The certificate of the client that sent the request, or None."""
        return self._trusted_proxies().certificate(environ)

    @api.model
    @tools.ormcache()
    def _trusted_proxies(self):
        try:
            return TrustedProxies.of(
                self._parameter(TRUSTED_PROXIES_PARAMETER) or "",
                self._parameter(CERTIFICATE_HEADER_PARAMETER) or "",
                self._parameter(VERIFY_HEADER_PARAMETER) or "",
            )
        except ValueError as error:
            # The settings page takes nothing else, but a system parameter can be written anywhere.
            _logger.error("No client certificate is believed: %s", error)
            return TrustedProxies()
