"""Who may register applications, and how many."""

from odoo import api, fields, models
from odoo.addons.oauth2_provider.protocol.client_registration.policy import RegistrationPolicy
from odoo.addons.oauth2_provider.protocol.web_address import host_of
from odoo.exceptions import ValidationError

from .oauth2_provider_client import DEFAULT_UNUSED_DAYS, UNUSED_DAYS_PARAMETER
from .oauth2_provider_server import CLOSED, OPEN, PREFIX, TRUSTED

_LIMITS = ("maximum_clients", "hourly_limit", "hourly_limit_per_address", "unused_days")
_DEFAULTS = RegistrationPolicy()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    oauth2_registration_access = fields.Selection(
        [
            (CLOSED, "Who has an initial access token"),
            (TRUSTED, "Applications of trusted hosts, too"),
            (OPEN, "Everybody"),
        ],
        string="Who may register applications?",
        required=True,
        default=CLOSED,
        config_parameter=f"{PREFIX}access",
    )
    oauth2_registration_trusted_hosts = fields.Char(
        string="Trusted hosts", config_parameter=f"{PREFIX}trusted_hosts"
    )
    oauth2_registration_anonymous_implicit = fields.Boolean(
        string="Implicit and hybrid flow without a token",
        config_parameter=f"{PREFIX}anonymous_implicit",
    )
    oauth2_registration_fapi2 = fields.Boolean(
        string="Bank-grade applications (FAPI 2.0)", config_parameter=f"{PREFIX}fapi2"
    )
    oauth2_registration_maximum_clients = fields.Integer(
        string="Applications altogether",
        default=_DEFAULTS.maximum_clients,
        config_parameter=f"{PREFIX}maximum_clients",
    )
    oauth2_registration_hourly_limit = fields.Integer(
        string="Registrations in an hour",
        default=_DEFAULTS.hourly_limit,
        config_parameter=f"{PREFIX}hourly_limit",
    )
    oauth2_registration_hourly_limit_per_address = fields.Integer(
        string="Registrations in an hour from one address",
        default=_DEFAULTS.hourly_limit_per_address,
        config_parameter=f"{PREFIX}hourly_limit_per_address",
    )
    oauth2_registration_unused_days = fields.Integer(
        string="Delete unused ones after",
        default=DEFAULT_UNUSED_DAYS,
        config_parameter=UNUSED_DAYS_PARAMETER,
    )

    def set_values(self):
        for settings in self:
            settings._oauth2_check_registration()
        return super().set_values()

    def _oauth2_check_registration(self):
        if any(self[f"oauth2_registration_{name}"] < 1 for name in _LIMITS):
            raise ValidationError(self.env._("Limits of registration must be 1 at least."))
        hosts = (self.oauth2_registration_trusted_hosts or "").split()
        if self.oauth2_registration_access == TRUSTED and not hosts:
            raise ValidationError(self.env._("Please enter the hosts that you trust."))
        self._oauth2_check_hosts(self.oauth2_registration_trusted_hosts)

    @api.model
    def _oauth2_check_hosts(self, hosts):
        for host in (hosts or "").split():
            if not self._oauth2_is_host(host):
                raise ValidationError(self.env._("This is not the name of a host: %s", host))

    @api.model
    def _oauth2_is_host(self, host):
        try:
            return host_of(f"https://{host}") == host
        except ValueError:
            return False
