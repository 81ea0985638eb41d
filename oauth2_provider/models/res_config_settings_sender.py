"""The settings of sender-constrained tokens: DPoP, and the proxy that tells of client certificates."""

from odoo import fields, models
from odoo.exceptions import ValidationError

from ..adapters.client_certificates import (
    DEFAULT_CERTIFICATE_HEADER,
    DEFAULT_VERIFY_HEADER,
    TrustedProxies,
)
from ..issuer_address import normalize_issuer
from .oauth2_provider_server_sender import (
    CERTIFICATE_HEADER_PARAMETER,
    DPOP_NONCES_PARAMETER,
    DPOP_PARAMETER,
    MTLS_ADDRESS_PARAMETER,
    TRUSTED_PROXIES_PARAMETER,
    VERIFY_HEADER_PARAMETER,
)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_dpop = fields.Boolean(string="Accept proofs of possession (DPoP)")
    oauth2_dpop_nonces = fields.Boolean(string="Only with a value of this server in them")
    oauth2_mtls_trusted_proxies = fields.Char(
        string="Address of the proxy", config_parameter=TRUSTED_PROXIES_PARAMETER
    )
    oauth2_mtls_certificate_header = fields.Char(
        string="Header with the certificate",
        config_parameter=CERTIFICATE_HEADER_PARAMETER,
        default=DEFAULT_CERTIFICATE_HEADER,
    )
    oauth2_mtls_verify_header = fields.Char(
        string="Header with the proxy's verdict",
        config_parameter=VERIFY_HEADER_PARAMETER,
        default=DEFAULT_VERIFY_HEADER,
    )
    oauth2_mtls_address = fields.Char(
        string="Address that asks for certificates", config_parameter=MTLS_ADDRESS_PARAMETER
    )

    def get_values(self):
        get_param = self.env["ir.config_parameter"].sudo().get_param
        return super().get_values() | {
            "oauth2_dpop": get_param(DPOP_PARAMETER) != "0",
            "oauth2_dpop_nonces": get_param(DPOP_NONCES_PARAMETER) == "1",
        }

    def set_values(self):
        for settings in self:
            settings._oauth2_check_proxies()
            if settings.oauth2_mtls_address:
                settings.oauth2_mtls_address = settings._oauth2_normalized_mtls_address()
        result = super().set_values()
        set_param = self.env["ir.config_parameter"].sudo().set_param
        set_param(DPOP_PARAMETER, "1" if self.oauth2_dpop else "0")
        set_param(DPOP_NONCES_PARAMETER, "1" if self.oauth2_dpop_nonces else "0")
        return result

    def _oauth2_check_proxies(self):
        try:
            TrustedProxies.of(
                self.oauth2_mtls_trusted_proxies or "",
                self.oauth2_mtls_certificate_header or "",
                self.oauth2_mtls_verify_header or "",
            )
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "The proxy for client certificates is an address or a network, with a space between two of them, "
                    "and its headers are names like %s.",
                    DEFAULT_CERTIFICATE_HEADER,
                )
                + f"\n{error}"
            ) from error

    def _oauth2_normalized_mtls_address(self):
        try:
            return normalize_issuer(self.oauth2_mtls_address)
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "This cannot be the address that asks for certificates: %s",
                    self.oauth2_mtls_address,
                )
                + f"\n{error}"
            ) from error
