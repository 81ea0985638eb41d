"""The settings of requests to other servers: what a test network needs opened."""

import ssl

from odoo import fields, models
from odoo.exceptions import ValidationError

from ..protocol.outbound_policy import OutboundPolicy
from .oauth2_provider_server import OUTBOUND_CA_BUNDLE_PARAMETER, OUTBOUND_HOSTS_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_outbound_allowed_hosts = fields.Char(
        string="Servers of the own network", config_parameter=OUTBOUND_HOSTS_PARAMETER
    )
    oauth2_outbound_ca_bundle = fields.Char(
        string="Certificate authorities", config_parameter=OUTBOUND_CA_BUNDLE_PARAMETER
    )

    def set_values(self):
        for settings in self:
            settings._oauth2_check_outbound()
        return super().set_values()

    def _oauth2_check_outbound(self):
        try:
            OutboundPolicy.of((self.oauth2_outbound_allowed_hosts or "").split())
        except ValueError as error:
            raise ValidationError(
                self.env._(
                    "Servers of the own network are hosts, addresses or networks, with a space between two of them."
                )
                + f"\n{error}"
            ) from error
        bundle = (self.oauth2_outbound_ca_bundle or "").strip()
        if bundle:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(bundle)
            except OSError as error:
                raise ValidationError(
                    self.env._(
                        "The server finds no certificates in PEM format in this file: %s", bundle
                    )
                ) from error
